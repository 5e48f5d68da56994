//! One module a verb.

mod check;
mod completions;
mod config;
mod decide;
mod doctor;
mod explain;
mod init;
mod prove;
mod review;
mod scan;
mod show;
mod stats;
mod triage;
mod verify;
mod watch;

use std::process::ExitCode;

use crate::args::{Args, Command};

/// Runs the verb and says with which status to end.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Triage { paths, format } => triage::run(&paths, format),
        Command::Scan {
            paths,
            format,
            no_generate,
            exit_zero,
            project,
        } => scan::run(&scan::ScanArgs {
            paths,
            format,
            no_generate,
            exit_zero,
            overrides: project.overrides(),
        }),
        Command::Check { read_only, project } => {
            check::run(read_only, args.color, &project.overrides())
        }
        Command::Watch {
            paths,
            exec,
            exec_timeout,
            once,
            no_generate,
            poll,
            format,
            project,
        } => watch::run(&watch::WatchArgs {
            paths,
            exec,
            exec_timeout,
            once,
            no_generate,
            poll,
            format,
            overrides: project.overrides(),
        }),
        Command::Doctor {
            all,
            format,
            project,
        } => doctor::run(all, format, &project.overrides()),
        Command::Init { folder } => init::run(&folder),
        Command::Stats { format, project } => stats::run(format, &project.overrides()),
        Command::Review { project } => review::run(&project.overrides()),
        Command::List {
            all,
            format,
            project,
        } => show::list(all, format, &project.overrides()),
        Command::Show {
            id,
            format,
            project,
        } => show::show(&id, format, &project.overrides()),
        Command::Verify {
            id,
            format,
            project,
        } => verify::run(id.as_deref(), format, &project.overrides()),
        Command::Prove {
            tests,
            fixed,
            format,
            project,
        } => prove::run(&tests, &fixed, format, &project.overrides()),
        Command::Generate {
            id,
            dry_run,
            project,
        } => decide::generate(&id, dry_run, &project.overrides()),
        Command::Accept { id, project } => decide::accept(&id, &project.overrides()),
        Command::Reject {
            id,
            reason,
            project,
        } => decide::reject(&id, reason.as_deref(), &project.overrides()),
        Command::Config {
            folder,
            config,
            format,
        } => config::run(&folder, config, format),
        Command::Explain { code, format, .. } => explain::run(code.as_deref(), format),
        Command::Completions { shell } => completions::run(shell),
    }
}

/// Whether the reader of our output went away.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
