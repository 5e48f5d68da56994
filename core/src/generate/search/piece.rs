//! A finished expression and what a test needs for it.

use crate::generate::arguments::{Setup, Source};
use crate::generate::hypothesis::Hypothesis;

/// The object that is prepared goes by this name.
pub(super) const PREPARED: &str = "subject";

/// A finished expression and what it needs.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub code: String,
    pub setup: Setup,
}

impl Piece {
    /// A plain literal.
    pub fn plain(code: impl Into<String>, source: Source) -> Piece {
        let mut setup = Setup::default();
        setup.used(source);
        Piece {
            code: code.into(),
            setup,
        }
    }

    /// The value of a hypothesis.
    pub fn of_hypothesis(hypothesis: &Hypothesis) -> Piece {
        let mut piece = Piece::plain(hypothesis.value.clone(), hypothesis.source);
        let needs = hypothesis.needs.map(str::to_owned);
        piece.setup.modules.extend(needs);
        piece
    }

    /// An expression over standard modules that have to be imported.
    pub fn with_modules(code: &str, modules: &[&str], source: Source) -> Piece {
        let mut piece = Piece::plain(code, source);
        piece
            .setup
            .modules
            .extend(modules.iter().map(|m| (*m).to_owned()));
        piece
    }
}

/// Puts what one thing needs to what another needs.
pub(super) fn merge(into: &mut Setup, from: &Setup) {
    into.imports.extend(from.imports.iter().cloned());
    into.modules.extend(from.modules.iter().cloned());
    for fixture in &from.fixtures {
        into.fixture(fixture);
    }
    for marker in &from.markers {
        into.marker(marker);
    }
    into.lines.extend(from.lines.iter().cloned());
    for helper in &from.helpers {
        if !into.helpers.contains(helper) {
            into.helpers.push(helper.clone());
        }
    }
    for line in &from.preamble {
        if !into.preamble.contains(line) {
            into.preamble.push(line.clone());
        }
    }
    for line in &from.statements {
        if !into.statements.contains(line) {
            into.statements.push(line.clone());
        }
    }
    if let Some(source) = from.source {
        into.used(source);
    }
}
