//! Tests over the built libraries, programs and modules.
