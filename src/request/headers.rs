//! The header lines of a request, as Go's HTTP server hands them over.

/// Header lines in the order in which they were sent. Names are compared without letter case.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Adds a line; spaces and tabs around the value are no part of it.
    pub fn add(&mut self, name: &str, value: &str) {
        let value = value.trim_matches([' ', '\t']);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The value of the first line of that name; empty without one.
    pub fn first(&self, name: &str) -> &str {
        let mut lines = self.0.iter();
        lines
            .find(|(line, _)| line.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }

    /// The values of every line of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.0.iter();
        lines
            .filter(move |(line, _)| line.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every line: name as sent, value.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Whether one of the comma-separated words of a header is `word`, without letter case.
    pub fn has_word(&self, name: &str, word: &str) -> bool {
        self.all(name)
            .flat_map(|value| value.split(','))
            .any(|part| part.trim().eq_ignore_ascii_case(word))
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        let mut headers = Headers::default();
        for (name, value) in lines {
            headers.add(name.as_ref(), value.as_ref());
        }
        headers
    }
}
