//! liblcmaps.so.0: the C interface of LCMAPS.
