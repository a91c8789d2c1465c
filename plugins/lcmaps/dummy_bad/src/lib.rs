//! LCMAPS module lcmaps_dummy_bad.
