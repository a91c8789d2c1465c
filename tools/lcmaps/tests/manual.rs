//! What the manual says of files, held against the code that reads them.

use std::error::Error;

use lc_gridmap::{Accept, MapFile, Wildcards};
use lc_leases::LeaseName;

/// The indented lines of a section.
fn example(page: &str, section: &str) -> String {
    let rest = page.split(&format!("# {section}\n")).nth(1).unwrap_or("");
    let section = rest.split("\n# ").next().unwrap_or("");
    let lines = section.lines().filter_map(|line| line.strip_prefix("    "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_grid_mapfile_of_the_manual_gives_what_it_seems_to_give() -> Result<(), Box<dyn Error>> {
    let text = example(include_str!("../../../man/grid-mapfile.5.md"), "EXAMPLE");
    let file = MapFile::parse("grid-mapfile", text.into_bytes());
    for (name, accept, mapping) in [
        ("/C=NL/O=Example/CN=Jane Doe", Accept::Local, Some("jane")),
        ("/C=NL/O=Example/CN=Jane Doe", Accept::Pool, Some(".guest")),
        ("/C=NL/O=Example/CN=Joe", Accept::Local, None),
        ("/vo/Role=production", Accept::Local, Some("voprod")),
        ("/vo/x", Accept::Pool, Some(".vo")),
    ] {
        let found = file.lookup(name.as_bytes(), Wildcards::On, accept)?.found;
        let found = found.map(|found| found.mapping.into_owned());
        assert_eq!(found.as_deref(), mapping.map(str::as_bytes), "{name}");
    }
    Ok(())
}

#[test]
fn the_lease_of_the_manual_is_the_one_that_the_store_makes() -> Result<(), Box<dyn Error>> {
    let text = example(include_str!("../../../man/gridmapdir.5.md"), "EXAMPLE");
    let name = LeaseName::encode(b"/C=NL/O=Example/CN=Jane Doe")?;
    let ending = format!(" {name}\n");
    assert!(text.contains(&ending), "no {ending} in {text}");
    let counted = LeaseName::with_map_counter(b"/CN=a", 2)?.to_string();
    assert!(include_str!("../../../man/gridmapdir.5.md").contains(":mapcount=0002"));
    assert!(counted.ends_with(":mapcount=0002"));
    Ok(())
}
