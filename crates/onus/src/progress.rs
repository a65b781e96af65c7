//! Progress of long work, on standard error and only for a person at a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar, or none.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar if standard error is a terminal and the user did not turn it off.
    pub(crate) fn new(quiet: bool) -> Progress {
        if quiet || !std::io::stderr().is_terminal() {
            return Progress(None);
        }
        let bar = ProgressBar::no_length();
        bar.set_style(ProgressStyle::default_spinner());
        Progress(Some(bar))
    }

    /// No bar.
    pub(crate) fn none() -> Progress {
        Progress(None)
    }

    /// The work has come to `stage`, which has `steps` steps (0: not countable).
    pub(crate) fn stage(&self, stage: &'static str, steps: usize) {
        let Some(bar) = &self.0 else { return };
        let template = if steps > 0 { "{msg} {bar:30} {pos}/{len}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_length(u64::try_from(steps).unwrap_or(0));
        bar.set_position(0);
        bar.set_message(stage);
        bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// One step is done.
    pub(crate) fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// The work is done; the bar goes away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
