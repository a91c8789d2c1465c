//! Accounts, groups, privileges and files of this machine.
