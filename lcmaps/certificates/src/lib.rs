//! The part of LCMAPS that needs OpenSSL, loaded on the first certificate.
