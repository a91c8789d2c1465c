//! Names the library and links it to liblcmaps.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use lcmaps_companion_stub::{LCMAPS, link};
    link("liblcmaps_gss_assist_gridmap.so.0", LCMAPS)
}
