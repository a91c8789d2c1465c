//! Many users, many processes, processes that are killed, many mappings.

mod leases;
mod memory;
mod site;
