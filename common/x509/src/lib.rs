//! Certificate chains and proxies.
