//! What was starting when it failed: a module that can not be imported, an application that does not come up.

use super::arguments::Source;
use super::factories::Framework;
use super::strategies::Writer;
use super::{Plan, Strategy, literal};
use crate::code::Function;
use crate::correlate::{Layer, ProjectFrame};
use crate::model::Frame;

impl Writer<'_> {
    /// Imports a module, as starting it does.
    pub(super) fn import(&self, module: &str) -> Option<Plan> {
        if !literal::is_dotted(module) {
            return None;
        }
        let short = module.rsplit('.').next().unwrap_or(module);
        let mut plan = self.plan(
            Strategy::Import,
            self.gap.layer,
            &format!("import_{short}"),
            "starts",
        );
        plan.title = format!(
            "Regression test: {} while importing {module}.",
            self.type_name()
        );
        plan.class_summary = format!("{module} can be imported, as starting it needs.");
        plan.setup.modules.insert("importlib".to_owned());
        plan.setup.used(Source::Known);
        plan.act.push(format!(
            "module = importlib.import_module({})",
            literal::string(module)
        ));
        plan.assertions.push(format!(
            "assert module.__name__ == {}",
            literal::string(module)
        ));
        Some(plan)
    }

    /// Plans for what was starting when a function that it called failed.
    pub(super) fn starting(&self) -> Vec<Plan> {
        let mut plans = Vec::new();
        plans.extend(self.imported().and_then(|module| self.import(module)));
        if self.frames.iter().any(|frame| self.is_of_start(frame)) {
            plans.extend(self.started());
        }
        plans
    }

    /// The module that was being imported when what its own code called failed: a plugin that registers itself, say.
    fn imported(&self) -> Option<&str> {
        let is_module = |f: &&ProjectFrame| f.frame.function.as_deref() == Some("<module>");
        let frames = self.frames.iter();
        let run = frames.rev().skip_while(|f| !is_module(f));
        let first = run
            .take_while(|f| is_module(f) && self.is_imported(f.frame))
            .last()?;
        Some(&first.module.name)
    }

    /// Whether a module's frame stands below an import: the statement, or the machinery behind it.
    fn is_imported(&self, frame: &Frame) -> bool {
        let frames: Vec<&Frame> = self.exception.plain_frames().collect();
        let at = frames.iter().position(|f| std::ptr::eq(*f, frame));
        let above = at.and_then(|at| frames.get(at.checked_sub(1)?));
        above.is_some_and(|above| {
            let of = |text: &Option<String>, word: &str| {
                text.as_deref().is_some_and(|text| text.contains(word))
            };
            of(&above.file, "importlib") || of(&above.source_line, "import ")
        })
    }

    /// Whether a frame is of a function that an ASGI application runs when it starts.
    fn is_of_start(&self, frame: &ProjectFrame) -> bool {
        let Some(at) = frame.function else {
            return false;
        };
        let is_handler =
            |decorator: &String| decorator.contains(".on_event(") && decorator.contains("startup");
        at.function.decorators.iter().any(is_handler) || self.is_lifespan(at.function)
    }

    // app = FastAPI(lifespan=lifespan)
    fn is_lifespan(&self, function: &Function) -> bool {
        let modules = self.map.modules.iter();
        let mut calls = modules.flat_map(|module| {
            let inner = module.functions.iter().flat_map(|f| &f.calls);
            module.calls.iter().chain(inner)
        });
        calls.any(|call| {
            call.keywords.iter().any(|(name, value)| {
                name == "lifespan" && value.rsplit('.').next() == Some(function.name.as_str())
            })
        })
    }

    /// An application that comes up, as its test client has it do.
    fn started(&self) -> Vec<Plan> {
        let apps = self.applications(Some(Framework::Starlette));
        let plan = |app: super::applications::Application| {
            let module = app.framework.client_module()?;
            let mut plan = self.plan(
                Strategy::Import,
                self.gap.layer.max(Layer::Integration),
                "application",
                "starts",
            );
            plan.title = format!(
                "Regression test: {} while the application starts.",
                self.type_name()
            );
            plan.class_summary = "The application starts.".to_owned();
            let app = app.bind(&mut plan.setup)?;
            plan.setup.import(module, "TestClient");
            plan.act
                .extend([format!("with TestClient({app}):"), "    pass".to_owned()]);
            Some(plan)
        };
        apps.into_iter().filter_map(plan).collect()
    }
}
