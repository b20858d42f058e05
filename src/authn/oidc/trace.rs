//! What each step made of a token, for people who ask.

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it decides: `username`, `groups`, `claim rule` …
    pub step: String,
    /// What it looks at: a claim or an expression.
    pub source: String,
    /// What came of it, or the server's words of refusal.
    pub outcome: Result<String, String>,
}

/// The steps so far, if anybody asks.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<Finding>>);

impl Trace {
    /// Keeps nothing.
    pub fn off() -> Self {
        Trace(None)
    }

    /// Keeps every step.
    pub fn on() -> Self {
        Trace(Some(Vec::new()))
    }

    /// Notes what a step gave.
    pub fn value(&mut self, step: &str, source: &str, value: impl FnOnce() -> String) {
        if let Some(findings) = &mut self.0 {
            findings.push(Finding {
                step: step.to_owned(),
                source: source.to_owned(),
                outcome: Ok(value()),
            });
        }
    }

    /// Notes what a step gave or why it refused.
    pub fn result<T>(
        &mut self,
        step: &str,
        source: &str,
        result: &Result<T, String>,
        shown: impl FnOnce(&T) -> String,
    ) {
        if let Some(findings) = &mut self.0 {
            findings.push(Finding {
                step: step.to_owned(),
                source: source.to_owned(),
                outcome: result.as_ref().map(shown).map_err(String::clone),
            });
        }
    }

    /// The steps.
    pub fn findings(self) -> Vec<Finding> {
        self.0.unwrap_or_default()
    }
}
