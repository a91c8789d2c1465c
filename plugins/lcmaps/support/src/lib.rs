//! What the LCMAPS modules share.
