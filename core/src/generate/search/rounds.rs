//! Which calls to try next, from what the earlier ones showed: each call keeps the values that got furthest along the
//! recorded chain and changes one of them at a time.

use std::collections::{BTreeMap, BTreeSet};

/// Which draft, and which choice for each of its holes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Genome {
    pub draft: usize,
    pub choices: Vec<usize>,
}

/// What a draft offers.
#[derive(Debug, Clone)]
pub(super) struct Space {
    /// Choices of each hole, and how many values of others are worth one of it.
    pub holes: Vec<(usize, usize)>,
    /// The project frame that it enters; 0 is the outermost.
    pub frame: usize,
    /// Its calls are tried as another draft: one that runs is all that is wanted of it.
    pub is_for_exploring: bool,
}

/// How far a try came; the larger the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Fitness {
    /// It is the recorded failure.
    pub reproduces: bool,
    /// It ran at all.
    pub ran: bool,
    /// Frames of the recorded chain that were entered, from the outermost.
    pub frames: u32,
    /// How near to the recorded line of the innermost of them it came: 0 is far.
    pub nearness: u32,
    /// The recorded type came up.
    pub is_same_type: bool,
    /// It ran to its end without a failure.
    pub passes: bool,
}

/// So many of a draft's best are changed further.
const KEPT: usize = 3;
/// Calls of a round that only bracket what was found.
const BRACKETS: usize = 14;
/// So many rounds in which no draft came further end the search.
const IDLE: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Rounds {
    spaces: Vec<Space>,
    tried: BTreeSet<Genome>,
    results: BTreeMap<usize, Vec<(Fitness, Genome)>>,
    /// Calls that ran to their end.
    passing: BTreeSet<Genome>,
    round: usize,
    /// What the next round begins with.
    wishes: Vec<Genome>,
    /// Rounds since anything came further.
    idle: usize,
    has_run: bool,
}

impl Rounds {
    pub fn new(spaces: Vec<Space>) -> Rounds {
        Rounds {
            spaces,
            ..Rounds::default()
        }
    }

    /// Begins a round.
    pub fn begin(&mut self) {
        self.round += 1;
        self.idle += 1;
    }

    /// The next calls of a round, at most `most`; none when nothing is left to try.
    pub fn next(&mut self, most: usize) -> Vec<Genome> {
        let first = self.round <= 1;
        let mut wished = std::mem::take(&mut self.wishes);
        wished.retain(|genome| self.tried.insert(genome.clone()));
        if !wished.is_empty() {
            self.idle = 0;
        }
        // Nothing of it can be run, or nothing comes any further: it is not in what is left either.
        if !first && (!self.has_run || self.idle > IDLE) {
            return Vec::new();
        }
        // Once something reproduces, only calls further out can be better.
        let reproduced = self.reproduced();
        let mut drafts: Vec<usize> = (0..self.spaces.len())
            .filter(|draft| reproduced.is_none_or(|frame| self.spaces[*draft].frame < frame))
            .filter(|draft| !self.is_done(*draft))
            .collect();
        if !first {
            let best = |draft: &usize| {
                self.results
                    .get(draft)
                    .and_then(|r| r.first())
                    .map(|(f, _)| *f)
            };
            drafts.sort_by_key(|draft| std::cmp::Reverse(best(draft)));
        }
        let mut queues: Vec<(usize, std::vec::IntoIter<Genome>)> = drafts
            .iter()
            .enumerate()
            .map(|(rank, draft)| {
                let wishes = if first {
                    self.opening(*draft)
                } else {
                    self.neighbours(*draft)
                };
                // Those that came furthest get more; at first the outermost and the innermost.
                let share = match first {
                    true if rank == 0 || rank + 1 == drafts.len() => 2,
                    true => 1,
                    false => 4_usize.saturating_sub(rank).max(1),
                };
                (share, wishes.into_iter())
            })
            .collect();
        let mut chosen = wished;
        chosen.extend(self.brackets((most / 2).min(BRACKETS)));
        // In turn, so that no draft takes all.
        loop {
            let before = chosen.len();
            for (share, queue) in &mut queues {
                for _ in 0..*share {
                    if chosen.len() >= most {
                        break;
                    }
                    let Some(genome) = queue.find(|g| !self.tried.contains(g)) else {
                        break;
                    };
                    self.tried.insert(genome.clone());
                    chosen.push(genome);
                }
            }
            if chosen.len() == before {
                return chosen;
            }
        }
    }

    /// Nothing more is wanted of a draft than what ran of it.
    fn is_done(&self, draft: usize) -> bool {
        let mut results = self.results.get(&draft).into_iter().flatten();
        self.spaces[draft].is_for_exploring && results.any(|(fitness, _)| fitness.ran)
    }

    /// Calls like one that reproduces, but for one value: whether the value alone makes it fail is worth knowing.
    fn brackets(&mut self, most: usize) -> Vec<Genome> {
        let Some(frame) = self.reproduced() else {
            return Vec::new();
        };
        let found: Vec<Genome> = self
            .results
            .values()
            .flatten()
            .filter(|(fitness, g)| fitness.reproduces && self.spaces[g.draft].frame == frame)
            .map(|(_, genome)| genome.clone())
            .filter(|genome| !self.has_passing_sibling(genome))
            .take(2)
            .collect();
        let mut chosen: Vec<Genome> = Vec::new();
        for genome in &found {
            let wishes = self.changed(genome.draft, &genome.choices);
            let open = wishes.into_iter().filter(|g| !self.tried.contains(g));
            chosen.extend(open.take(most / found.len()));
        }
        self.tried.extend(chosen.iter().cloned());
        chosen
    }

    /// Has a call tried in the next round, before all others.
    pub fn wish(&mut self, genome: Genome) {
        self.wishes.push(genome);
    }

    /// A hole of a draft has one more choice.
    pub fn widen(&mut self, draft: usize, hole: usize) {
        self.spaces[draft].holes[hole].0 += 1;
    }

    /// The best call of each draft that ran and could be better than what was found: in turn one of those that begin
    /// furthest out and one of those that came furthest.
    pub fn worth_exploring(&self) -> Vec<Genome> {
        let reproduced = self.reproduced();
        let frame = |genome: &Genome| self.spaces[genome.draft].frame;
        let bests = self.results.values().filter_map(|results| results.first());
        let mut outer: Vec<&(Fitness, Genome)> = bests
            .filter(|(fitness, genome)| {
                fitness.ran && reproduced.is_none_or(|reproduced| frame(genome) < reproduced)
            })
            .collect();
        let mut further = outer.clone();
        outer.sort_by_key(|(fitness, genome)| (frame(genome), std::cmp::Reverse(*fitness)));
        further.sort_by_key(|(fitness, _)| std::cmp::Reverse(*fitness));
        let mut chosen: Vec<Genome> = Vec::new();
        for (_, genome) in outer.into_iter().zip(further).flat_map(|(a, b)| [a, b]) {
            if !chosen.contains(genome) {
                chosen.push(genome.clone());
            }
        }
        chosen
    }

    /// Whether a call that differs in one value alone ran to its end.
    pub fn has_passing_sibling(&self, genome: &Genome) -> bool {
        self.passing.iter().any(|other| {
            let pairs = other.choices.iter().zip(&genome.choices);
            other.draft == genome.draft && pairs.filter(|(a, b)| a != b).count() == 1
        })
    }

    /// What a call showed.
    pub fn learn(&mut self, genome: Genome, fitness: Fitness) {
        self.has_run |= fitness.ran;
        if fitness.passes {
            self.passing.insert(genome.clone());
        }
        let best = self.results.entry(genome.draft).or_default();
        if best.first().is_none_or(|(before, _)| fitness > *before) {
            self.idle = 0;
        }
        best.push((fitness, genome));
        // Stable: of equals, the one that was tried first.
        best.sort_by_key(|(fitness, _)| std::cmp::Reverse(*fitness));
        best.truncate(KEPT);
    }

    /// The outermost frame from which the failure was reproduced.
    pub fn reproduced(&self) -> Option<usize> {
        self.results
            .values()
            .flatten()
            .filter(|(fitness, _)| fitness.reproduces)
            .map(|(_, genome)| self.spaces[genome.draft].frame)
            .min()
    }

    /// The call as it is, then with each hole changed, the first values of all holes before the second.
    fn opening(&self, draft: usize) -> Vec<Genome> {
        let base = vec![0; self.spaces[draft].holes.len()];
        let mut genomes = vec![Genome {
            draft,
            choices: base.clone(),
        }];
        if self.spaces[draft].is_for_exploring {
            return genomes;
        }
        // Two holes changed together, after each alone: what belongs together often stands at the same place.
        let holes = &self.spaces[draft].holes;
        let mut wishes: Vec<(usize, Genome)> = self.wishes(draft, &base);
        for (a, (choices_a, stride_a)) in holes.iter().enumerate() {
            for (b, (choices_b, stride_b)) in holes.iter().enumerate().skip(a + 1) {
                for (i, j) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
                    if i < *choices_a && j < *choices_b && wishes.len() < 400 {
                        let mut changed = base.clone();
                        (changed[a], changed[b]) = (i, j);
                        let genome = Genome {
                            draft,
                            choices: changed,
                        };
                        wishes.push((i * stride_a + j * stride_b + 1, genome));
                    }
                }
            }
        }
        wishes.sort_by_key(|(level, _)| *level);
        genomes.extend(wishes.into_iter().map(|(_, genome)| genome));
        genomes
    }

    /// One hole changed at a time in the best calls so far.
    fn neighbours(&self, draft: usize) -> Vec<Genome> {
        let Some(best) = self.results.get(&draft) else {
            return self.opening(draft);
        };
        if best.first().is_none_or(|(fitness, _)| !fitness.ran) {
            // Nothing of it can be run: another object may help, but not for ever.
            return best.first().map_or_else(Vec::new, |(_, g)| {
                self.changed(draft, &g.choices)
                    .into_iter()
                    .take(4)
                    .collect()
            });
        }
        let lists: Vec<Vec<Genome>> = best
            .iter()
            .filter(|(fitness, _)| fitness.ran)
            .map(|(_, genome)| self.changed(draft, &genome.choices))
            .collect();
        let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
        if lists.is_empty() {
            return Vec::new();
        }
        let mut genomes = Vec::new();
        // Most of it around the best.
        for at in 0..longest {
            let most = &lists[0][(at * 3).min(lists[0].len())..(at * 3 + 3).min(lists[0].len())];
            genomes.extend(most.iter().cloned());
            genomes.extend(lists[1..].iter().filter_map(|list| list.get(at).cloned()));
        }
        genomes
    }

    /// One hole changed at a time, the first values of all holes before the second.
    fn changed(&self, draft: usize, base: &[usize]) -> Vec<Genome> {
        let mut wishes = self.wishes(draft, base);
        wishes.sort_by_key(|(level, _)| *level);
        wishes.into_iter().map(|(_, genome)| genome).collect()
    }

    fn wishes(&self, draft: usize, base: &[usize]) -> Vec<(usize, Genome)> {
        let holes = &self.spaces[draft].holes;
        let mut wishes: Vec<(usize, Genome)> = Vec::new();
        for (hole, (choices, stride)) in holes.iter().enumerate() {
            for choice in (0..*choices).filter(|choice| base[hole] != *choice) {
                let mut changed = base.to_vec();
                changed[hole] = choice;
                let genome = Genome {
                    draft,
                    choices: changed,
                };
                wishes.push((choice * stride, genome));
            }
        }
        wishes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two holes of ten; the frames that a call enters grow with the right values.
    fn frames_of(choices: &[usize]) -> u32 {
        u32::from(choices[0] == 7) + u32::from(choices[0] == 7 && choices[1] == 6)
    }

    fn search(per_round: usize, feedback: bool) -> Option<usize> {
        let mut rounds = Rounds::new(vec![Space {
            holes: vec![(10, 1), (10, 1)],
            frame: 0,
            is_for_exploring: false,
        }]);
        let mut runs = 0;
        for _ in 0..10 {
            rounds.begin();
            for genome in rounds.next(per_round) {
                runs += 1;
                let frames = frames_of(&genome.choices);
                let fitness = Fitness {
                    reproduces: frames == 2,
                    ran: true,
                    frames: if feedback { frames } else { 0 },
                    ..Fitness::default()
                };
                rounds.learn(genome, fitness);
            }
            if rounds.reproduced().is_some() {
                return Some(runs);
            }
        }
        None
    }

    #[test]
    fn the_call_that_came_furthest_is_changed_further() {
        let with = search(20, true).expect("found");
        assert!(with <= 60, "{with} runs");
        assert!(search(20, false).is_none_or(|without| without > with));
    }

    #[test]
    fn after_a_reproduction_only_calls_further_out_are_tried() {
        let space = |frame| Space {
            holes: vec![(30, 1)],
            frame,
            is_for_exploring: false,
        };
        let mut rounds = Rounds::new(vec![space(0), space(1), space(2)]);
        rounds.begin();
        for genome in rounds.next(6) {
            let reproduces = genome.draft == 1;
            rounds.learn(
                genome,
                Fitness {
                    reproduces,
                    ran: true,
                    ..Fitness::default()
                },
            );
        }
        rounds.begin();
        let next = rounds.next(6);
        // Half of them see whether calls like the one that was found pass.
        let of = |draft| next.iter().filter(|g| g.draft == draft).count();
        assert_eq!((of(0), of(1), of(2)), (3, 3, 0), "{next:?}");
    }

    #[test]
    fn what_was_found_is_bracketed() {
        let mut rounds = Rounds::new(vec![Space {
            holes: vec![(30, 1), (3, 1)],
            frame: 0,
            is_for_exploring: false,
        }]);
        let found = |choices: &[usize]| choices[0] != 3;
        let mut red = None;
        for _ in 0..3 {
            rounds.begin();
            for genome in rounds.next(8) {
                let reproduces = found(&genome.choices);
                if reproduces {
                    red.get_or_insert(genome.clone());
                }
                let fitness = Fitness {
                    reproduces,
                    ran: true,
                    passes: !reproduces,
                    ..Fitness::default()
                };
                rounds.learn(genome, fitness);
            }
        }
        let red = red.expect("found");
        assert!(rounds.has_passing_sibling(&red), "3 alone passes");
        let passing = rounds.passing.first().cloned().expect("one passes");
        let far = Genome {
            draft: 0,
            choices: vec![0, (passing.choices[1] + 1) % 3],
        };
        assert!(!rounds.passing.contains(&far) && passing.choices[0] == 3);
    }

    #[test]
    fn nothing_is_tried_twice_and_it_ends() {
        let mut rounds = Rounds::new(vec![Space {
            holes: vec![(3, 1)],
            frame: 0,
            is_for_exploring: false,
        }]);
        let mut all = Vec::new();
        for _ in 0..5 {
            rounds.begin();
            for genome in rounds.next(2) {
                rounds.learn(
                    genome.clone(),
                    Fitness {
                        ran: true,
                        ..Fitness::default()
                    },
                );
                all.push(genome);
            }
        }
        assert_eq!(all.len(), 3);
        all.dedup();
        assert_eq!(all.len(), 3);
    }
}
