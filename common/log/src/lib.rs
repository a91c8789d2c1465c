//! Log levels, the LCMAPS line format, sinks.
