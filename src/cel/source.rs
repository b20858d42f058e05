//! The text of an expression, places in it, and errors as cel-go prints them.

/// A place in an expression, counted in code points from its start; `None` where cel-go knows none.
pub(super) type Offset = Option<u32>;

/// How many errors are printed, and how long a line may be to be shown below its error.
const MAX_REPORTED: usize = 100;
const MAX_SNIPPET: usize = 16_384;

/// An expression with the starts of its lines.
pub(super) struct Source {
    /// The code points.
    pub chars: Vec<char>,
    lines: Vec<u32>,
}

impl Source {
    /// Splits a text into code points and lines.
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut lines = vec![0];
        for (at, c) in chars.iter().enumerate() {
            if *c == '\n' {
                lines.push(at as u32 + 1);
            }
        }
        Self { chars, lines }
    }

    /// Line, from 1, and column, from 0.
    fn place(&self, offset: Offset) -> (i64, i64) {
        let Some(offset) = offset else {
            return (-1, -1);
        };
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        (line as i64, i64::from(offset - self.lines[line - 1]))
    }

    fn snippet(&self, line: i64) -> Option<String> {
        let line = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.lines.get(line)? as usize;
        let end = self
            .lines
            .get(line + 1)
            .map_or(self.chars.len(), |next| *next as usize - 1);
        Some(self.chars[start..end].iter().collect())
    }
}

/// What is wrong with an expression, in the order of discovery.
#[derive(Default)]
pub(super) struct Errors(Vec<(Offset, String)>);

impl Errors {
    /// Adds an error.
    pub fn report(&mut self, at: Offset, message: impl Into<String>) {
        self.0.push((at, message.into()));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of cel-go's `Issues.String`: errors by place, each with its line and a mark below it.
    pub fn display(mut self, source: &Source) -> String {
        self.0.sort_by_key(|(at, _)| source.place(*at));
        let total = self.0.len();
        let mut shown: Vec<String> = self
            .0
            .iter()
            .take(MAX_REPORTED)
            .map(|(at, message)| one(source, *at, message))
            .collect();
        if total > MAX_REPORTED {
            shown.push(format!(
                "{} more errors were truncated",
                total - MAX_REPORTED
            ));
        }
        shown.join("\n")
    }
}

fn one(source: &Source, at: Offset, message: &str) -> String {
    let (line, column) = source.place(at);
    let head = format!("ERROR: <input>:{line}:{}: {message}", column + 1);
    let Some(snippet) = source.snippet(line).filter(|s| s.len() <= MAX_SNIPPET) else {
        return head;
    };
    let snippet = snippet.replace('\t', " ");
    let column = usize::try_from(column).unwrap_or(0);
    let wide = |c: char| c.len_utf8() > 1;
    let dots: String = snippet
        .chars()
        .take(column)
        .map(|c| if wide(c) { '．' } else { '.' })
        .collect();
    let mark = match snippet.chars().nth(column) {
        Some(c) if wide(c) => '＾',
        _ => '^',
    };
    format!("{head}\n | {snippet}\n | {dots}{mark}")
}
