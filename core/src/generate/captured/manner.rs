//! How the values of one test are built: what objects, rows and files become, and which parts are left out.

use std::collections::BTreeSet;

use crate::capture::{Id, Name};

/// How objects come to their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// By their constructor alone.
    Constructed,
    /// By their constructor; what it does not set is set afterwards.
    Completed,
    /// By their constructor with what it must be given; all else is set afterwards: what an attribute has become may be
    /// nothing that the parameter of its name takes.
    Bare,
    /// Without it: an empty instance, then every attribute.
    Raw,
}

/// How to build the values of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How objects come to their state.
    pub state: State,
    /// An object that a module of the project holds is taken from there.
    pub takes_globals: bool,
    /// Which saved instances of models are in the database.
    pub rows: Rows,
    /// What becomes of the names of files.
    pub files: Files,
    /// What production's modules held in memory is put there.
    pub holds: bool,
}

/// The most readable and most lasting one.
pub const PLAIN: Manner = Manner {
    state: State::Constructed,
    takes_globals: true,
    rows: Rows::None,
    files: Files::Kept,
    holds: false,
};

impl Manner {
    /// Itself, and the same with what was held in memory, where objects are taken from their modules.
    pub(super) fn with_and_without_memory(self) -> impl Iterator<Item = Manner> {
        let is_fit = self.takes_globals
            && self.files == Files::Kept
            && matches!(self.state, State::Constructed | State::Completed);
        let with = Manner {
            holds: true,
            ..self
        };
        std::iter::once(self).chain(is_fit.then_some(with))
    }
}

/// Which saved instances become rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// None: instances are in memory alone.
    None,
    /// Those that the call is given, directly or within something else.
    Given,
    /// Those too that other functions of the trace had.
    All,
}

/// What becomes of the names of files that lay outside of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// They stay.
    Kept,
    /// They lie in a folder of the test's own, where there are none yet.
    Absent,
    /// As [`Files::Absent`], and each is there, empty.
    Empty,
}

/// A part that need not be given: of an object's state what its constructor would fill by itself (an optional parameter, an
/// attribute), of the call an argument that has a default.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    pub(super) object: Id,
    pub(super) name: String,
}

impl Cut {
    /// An argument of the call itself that has a default, or one of its `**options`.
    pub(super) fn of_call(name: &str) -> Cut {
        Cut {
            object: CALL,
            name: name.to_owned(),
        }
    }

    /// Whether it is an argument of the call itself.
    pub fn is_of_call(&self) -> bool {
        self.object == CALL
    }
}

/// Stands for the call where an object's number stands.
const CALL: Id = Id::MAX;

/// What a test leaves to others: to constructors and defaults, or to what production's calls had returned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub(super) cuts: Vec<Cut>,
    pub(super) answers: Vec<Answer>,
}

/// A call that is not made: which frame of the trace makes it, and which of its calls it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    pub(super) frame: usize,
    pub(super) call: usize,
}

/// The rows of one test so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// Their variables.
    pub(super) names: Vec<String>,
    /// Their classes and keys.
    pub(super) keys: BTreeSet<(Name, String)>,
    /// How many statements there were when the last of them was complete.
    pub(super) at: usize,
    /// One of them refers to another row by its key alone.
    pub(super) refers: bool,
    /// The variable of the session that holds what SQLAlchemy maps.
    pub(super) session: Option<String>,
}

/// The manners, the most readable and most lasting first.
pub const MANNERS: [Manner; 9] = [
    PLAIN,
    Manner {
        state: State::Completed,
        ..PLAIN
    },
    Manner {
        takes_globals: false,
        ..PLAIN
    },
    Manner {
        state: State::Completed,
        takes_globals: false,
        ..PLAIN
    },
    Manner {
        state: State::Bare,
        ..PLAIN
    },
    Manner {
        state: State::Raw,
        takes_globals: false,
        ..PLAIN
    },
    // What production read or wrote elsewhere is not there, or must not be touched.
    Manner {
        files: Files::Empty,
        ..PLAIN
    },
    Manner {
        files: Files::Absent,
        ..PLAIN
    },
    Manner {
        state: State::Completed,
        files: Files::Empty,
        ..PLAIN
    },
];
