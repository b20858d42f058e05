//! Comma-separated values as Go's `encoding/csv` reads them, with its error texts: token files and flags
//! that take lists.

use std::fmt;

/// Text that is no CSV; displayed in Go's words (`csv.ParseError`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvError {
    /// The line on which the record begins, from 1.
    pub start_line: usize,
    /// The line of the error, from 1.
    pub line: usize,
    /// The column of the error in bytes, from 1.
    pub column: usize,
    /// Whether a quote stands in a field that is not quoted; else a quoted field ends wrongly.
    pub bare_quote: bool,
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.start_line != self.line {
            write!(f, "record on line {}; ", self.start_line)?;
        }
        let what = if self.bare_quote {
            "bare \" in non-quoted-field"
        } else {
            "extraneous or missing \" in quoted-field"
        };
        let (line, column) = (self.line, self.column);
        write!(f, "parse error on line {line}, column {column}: {what}")
    }
}

/// Reads records one after the other; they may have different lengths.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    line: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a text.
    pub fn new(text: &'a [u8]) -> Self {
        Reader {
            rest: text,
            line: 0,
        }
    }

    /// The line that was read last, from 1.
    pub fn line(&self) -> u32 {
        u32::try_from(self.line).unwrap_or(u32::MAX)
    }

    /// The next line: its content, and the length of its end (CR LF counts as LF).
    fn next_line(&mut self) -> Option<(&'a [u8], bool)> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let (line, rest, ended) = match memchr::memchr(b'\n', self.rest) {
            Some(at) => (&self.rest[..at], &self.rest[at + 1..], true),
            None => (self.rest, &self.rest[self.rest.len()..], false),
        };
        self.rest = rest;
        // Go drops a carriage return before the line feed, and one at the end of the text.
        Some((line.strip_suffix(b"\r").unwrap_or(line), ended))
    }

    /// The next record; its fields are bytes, as a token file need not be UTF-8.
    ///
    /// # Errors
    /// [`CsvError`] with the place of the first quote that stands wrong.
    pub fn record(&mut self) -> Option<Result<Vec<Vec<u8>>, CsvError>> {
        let (mut line, mut ended) = loop {
            let (line, ended) = self.next_line()?;
            if !line.is_empty() {
                break (line, ended);
            }
        };
        let start_line = self.line;
        let mut fields = Vec::new();
        let mut at = 0;
        loop {
            let rest = &line[at..];
            if rest.first() != Some(&b'"') {
                let comma = memchr::memchr(b',', rest);
                let field = &rest[..comma.unwrap_or(rest.len())];
                if let Some(quote) = memchr::memchr(b'"', field) {
                    return Some(Err(CsvError {
                        start_line,
                        line: self.line,
                        column: at + quote + 1,
                        bare_quote: true,
                    }));
                }
                fields.push(field.to_vec());
                match comma {
                    Some(comma) => at += comma + 1,
                    None => return Some(Ok(fields)),
                }
                continue;
            }
            let mut field = Vec::new();
            at += 1;
            loop {
                let rest = &line[at..];
                let Some(quote) = memchr::memchr(b'"', rest) else {
                    // The field goes on in the next line.
                    field.extend_from_slice(rest);
                    if ended {
                        field.push(b'\n');
                    }
                    let unterminated = CsvError {
                        start_line,
                        line: self.line,
                        column: line.len() + usize::from(ended) + 1,
                        bare_quote: false,
                    };
                    match self.next_line() {
                        Some((next, next_ended)) => (line, ended, at) = (next, next_ended, 0),
                        None => return Some(Err(unterminated)),
                    }
                    continue;
                };
                field.extend_from_slice(&rest[..quote]);
                at += quote + 1;
                match line.get(at) {
                    Some(b'"') => {
                        field.push(b'"');
                        at += 1;
                    }
                    Some(b',') => {
                        at += 1;
                        fields.push(std::mem::take(&mut field));
                        break;
                    }
                    None => {
                        fields.push(field);
                        return Some(Ok(fields));
                    }
                    Some(_) => {
                        return Some(Err(CsvError {
                            start_line,
                            line: self.line,
                            column: at,
                            bare_quote: false,
                        }));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    fn all(text: &str) -> Vec<Result<Vec<String>, String>> {
        let mut reader = Reader::new(text.as_bytes());
        std::iter::from_fn(|| reader.record())
            .map(|record| match record {
                Ok(fields) => Ok(fields
                    .into_iter()
                    .map(|field| String::from_utf8(field).expect("UTF-8"))
                    .collect()),
                Err(error) => Err(error.to_string()),
            })
            .collect()
    }

    fn record(fields: &[&str]) -> Result<Vec<String>, String> {
        Ok(fields.iter().map(|&field| field.to_owned()).collect())
    }

    #[test]
    fn reads_as_go_does() {
        assert_eq!(all(""), []);
        assert_eq!(
            all("a,b\r\n\n,\n"),
            [record(&["a", "b"]), record(&["", ""])]
        );
        assert_eq!(
            all("\"a,\"\"b\",\"c\nd\"\nx"),
            [record(&["a,\"b", "c\nd"]), record(&["x"])]
        );
        let broken = [
            (
                "to\"k,u\n",
                "parse error on line 1, column 3: bare \" in non-quoted-field",
            ),
            (
                "tok,\"u,1\n",
                "parse error on line 1, column 10: extraneous or missing \" in quoted-field",
            ),
            (
                "a\nb,\"c\nd\"e",
                "record on line 2; parse error on line 3, column 2: extraneous or missing \" in quoted-field",
            ),
        ];
        for (text, error) in broken {
            assert_eq!(all(text).pop(), Some(Err(error.to_owned())), "{text:?}");
        }
    }
}
