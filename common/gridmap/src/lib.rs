//! grid-mapfiles, group-mapfiles and ban lists: parse, match, keep.
