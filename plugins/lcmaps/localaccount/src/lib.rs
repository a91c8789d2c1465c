//! LCMAPS module lcmaps_localaccount.
