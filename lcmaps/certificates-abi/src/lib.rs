//! C types shared by liblcmaps and its certificate object; defines no state.
