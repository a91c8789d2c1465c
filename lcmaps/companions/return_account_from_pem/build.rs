//! Names the library and links it to liblcmaps.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use lcmaps_companion_stub::{LCMAPS, link};
    link("liblcmaps_return_account_from_pem.so.0", LCMAPS)
}
