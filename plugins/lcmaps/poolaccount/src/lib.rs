//! LCMAPS module lcmaps_poolaccount.
