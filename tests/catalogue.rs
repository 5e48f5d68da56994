//! Lists that another language repeats by hand are those of core's catalogue.

use std::path::Path;

use guwu_core::model::Platform;
use guwu_core::pattern;

/// The npm logger keeps back what is noise in a browser; the slim module does not carry the catalogue.
#[test]
fn the_logger_knows_the_noise_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../npm/src/logger.ts");
    let source = std::fs::read_to_string(path).expect("the logger's source");
    let (_, list) = source
        .split_once("NOISE_PATTERNS: readonly string[] = [")
        .expect("the list");
    let (list, _) = list.split_once("];").expect("the list's end");
    let told: Vec<&str> = list
        .split(',')
        .map(|entry| entry.trim().trim_matches('"'))
        .filter(|entry| !entry.is_empty())
        .collect();
    let noise: Vec<&str> = pattern::all()
        .iter()
        .filter(|p| p.code.starts_with("GW9") && p.platform != Some(Platform::Python))
        .map(|p| p.code)
        .collect();
    assert_eq!(told, noise);
}
