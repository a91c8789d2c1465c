//! liblcmaps.so.0: the C interface of LCMAPS.

mod c_memory;
mod file_name;
mod groups;
mod guard;
mod lcmaps_account;
mod lcmaps_arguments;
mod lcmaps_utils;
mod lcmaps_vo_data;
mod tokenize;
mod vo_text;
