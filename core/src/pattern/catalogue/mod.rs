//! Every pattern with its texts, one module per hundred. Which failure is which pattern is not decided here (see `rules_*`).

mod calls;
mod concurrency;
mod data;
mod infrastructure;
mod javascript;
mod noise;
mod startup;
mod web;

use super::Pattern;

/// `code, platform, layer, worth a test, noise, name, advice, explain page`.
macro_rules! pattern {
    ($code:literal, $platform:expr, $layer:literal, $worth:literal, $noise:expr, $name:literal, $advice:literal, $explain:literal $(,)?) => {
        $crate::pattern::Pattern {
            code: $code,
            name: $name,
            platform: $platform,
            advice: $advice,
            layer: $layer,
            worth_test: $worth,
            noise: $noise,
            #[cfg(feature = "explain")]
            explain: $explain,
        }
    };
}
pub(crate) use pattern;

const PARTS: [&[Pattern]; 8] = [
    calls::PATTERNS,
    data::PATTERNS,
    startup::PATTERNS,
    infrastructure::PATTERNS,
    concurrency::PATTERNS,
    web::PATTERNS,
    javascript::PATTERNS,
    noise::PATTERNS,
];

const COUNT: usize = {
    let mut count = 0;
    let mut part = 0;
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

/// All patterns, ordered by code.
pub(super) static ALL: [Pattern; COUNT] = {
    let mut all = [calls::PATTERNS[0]; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut i = 0;
        while i < PARTS[part].len() {
            all[at] = PARTS[part][i];
            at += 1;
            i += 1;
        }
        part += 1;
    }
    all
};
