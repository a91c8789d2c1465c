//! Names the library and links it to liblcmaps.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use lcmaps_companion_stub::{LCMAPS, link};
    link("liblcmaps_return_poolindex.so.0", LCMAPS)
}
