//! Names the library and links it to liblcmaps_without_gsi.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use lcmaps_companion_stub::{WITHOUT_GSI, link};
    link("liblcmaps_gss_assist_gridmap_without_gsi.so.0", WITHOUT_GSI)
}
