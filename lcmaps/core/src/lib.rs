//! LCMAPS decisions: a credential goes in, an account comes out.
