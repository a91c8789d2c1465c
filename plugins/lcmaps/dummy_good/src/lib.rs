//! LCMAPS module lcmaps_dummy_good.
