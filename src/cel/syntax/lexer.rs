//! Tokens of CEL: the longest match wins, as in the lexer that ANTLR makes of CEL.g4.

use super::super::source::{Errors, Source};

/// The kinds of tokens, numbered as in the grammar: error texts list them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::cel) enum Kind {
    Eof = 0,
    Equals,
    NotEquals,
    In,
    Less,
    LessEquals,
    GreaterEquals,
    Greater,
    And,
    Or,
    LBracket,
    RBracket,
    LBrace,
    RBrace,
    LParen,
    RParen,
    Dot,
    Comma,
    Minus,
    Exclam,
    Question,
    Colon,
    Plus,
    Star,
    Slash,
    Percent,
    True,
    False,
    Null,
    Float,
    Int,
    Uint,
    String,
    Bytes,
    Identifier,
    EscapedIdentifier,
}

impl Kind {
    /// All kinds, in order.
    pub const NAMES: [&'static str; 36] = [
        "<EOF>",
        "'=='",
        "'!='",
        "'in'",
        "'<'",
        "'<='",
        "'>='",
        "'>'",
        "'&&'",
        "'||'",
        "'['",
        "']'",
        "'{'",
        "'}'",
        "'('",
        "')'",
        "'.'",
        "','",
        "'-'",
        "'!'",
        "'?'",
        "':'",
        "'+'",
        "'*'",
        "'/'",
        "'%'",
        "'true'",
        "'false'",
        "'null'",
        "NUM_FLOAT",
        "NUM_INT",
        "NUM_UINT",
        "STRING",
        "BYTES",
        "IDENTIFIER",
        "ESC_IDENTIFIER",
    ];
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(in crate::cel) struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
}

/// At most so many errors of the syntax are reported; the next one ends the reading.
pub(super) const MAX_SYNTAX_ERRORS: usize = 100;

/// Splits an expression into tokens, blanks and comments left out. The last token is the end.
pub(super) struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    /// Where tokens stand, hidden ones too.
    pub spans: Vec<(u32, u32)>,
}

impl<'a> Lexer<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            chars: &source.chars,
            at: 0,
            spans: Vec::new(),
        }
    }

    /// The next token; what is none is reported.
    pub fn next(&mut self, errors: &mut Errors, count: &mut usize) -> Result<Token, String> {
        loop {
            let start = self.at;
            if start == self.chars.len() {
                let end = start as u32;
                return Ok(Token {
                    kind: Kind::Eof,
                    start: end,
                    end,
                });
            }
            match self.longest(start) {
                Ok((None, end)) => {
                    self.at = end;
                    self.spans.push((start as u32, end as u32));
                }
                Ok((Some(kind), end)) => {
                    self.at = end;
                    self.spans.push((start as u32, end as u32));
                    return Ok(Token {
                        kind,
                        start: start as u32,
                        end: end as u32,
                    });
                }
                Err(stop) => {
                    let end = (stop + 1).min(self.chars.len());
                    let text: String = self.chars[start..end].iter().collect();
                    syntax_error(
                        errors,
                        count,
                        start as u32,
                        &format!("token recognition error at: '{text}'"),
                    )?;
                    self.at = end;
                }
            }
        }
    }

    fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn while_(&self, mut at: usize, test: impl Fn(char) -> bool) -> usize {
        while self.get(at).is_some_and(&test) {
            at += 1;
        }
        at
    }

    /// Kind (none for what is hidden) and end of the longest token; else where the last hope ended.
    fn longest(&self, at: usize) -> Result<(Option<Kind>, usize), usize> {
        let c = self.chars[at];
        let next = self.get(at + 1);
        let two = |second: char, long: Kind, short: Kind| {
            if next == Some(second) {
                Ok((Some(long), at + 2))
            } else {
                Ok((Some(short), at + 1))
            }
        };
        let pair = |kind: Kind| {
            if next == Some(c) {
                Ok((Some(kind), at + 2))
            } else {
                Err(at + 1)
            }
        };
        let single = |kind: Kind| Ok((Some(kind), at + 1));
        match c {
            '\t' | ' ' | '\r' | '\n' | '\x0c' => Ok((
                None,
                self.while_(at, |c| matches!(c, '\t' | ' ' | '\r' | '\n' | '\x0c')),
            )),
            '/' if next == Some('/') => Ok((None, self.while_(at, |c| c != '\n'))),
            '=' => pair(Kind::Equals),
            '&' => pair(Kind::And),
            '|' => pair(Kind::Or),
            '!' => two('=', Kind::NotEquals, Kind::Exclam),
            '<' => two('=', Kind::LessEquals, Kind::Less),
            '>' => two('=', Kind::GreaterEquals, Kind::Greater),
            '[' => single(Kind::LBracket),
            ']' => single(Kind::RBracket),
            '{' => single(Kind::LBrace),
            '}' => single(Kind::RBrace),
            '(' => single(Kind::LParen),
            ')' => single(Kind::RParen),
            ',' => single(Kind::Comma),
            '-' => single(Kind::Minus),
            '?' => single(Kind::Question),
            ':' => single(Kind::Colon),
            '+' => single(Kind::Plus),
            '*' => single(Kind::Star),
            '/' => single(Kind::Slash),
            '%' => single(Kind::Percent),
            '.' => match self.fraction(at) {
                Some(end) => Ok((Some(Kind::Float), end)),
                None => single(Kind::Dot),
            },
            '0'..='9' => Ok(self.number(at)),
            '"' | '\'' => self.string(at, false).map(|end| (Some(Kind::String), end)),
            '`' => {
                let end = self.while_(at + 1, |c| {
                    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ' ')
                });
                if end > at + 1 && self.get(end) == Some('`') {
                    Ok((Some(Kind::EscapedIdentifier), end + 1))
                } else {
                    Err(end)
                }
            }
            'a'..='z' | 'A'..='Z' | '_' => Ok(self.word(at)),
            _ => Err(at),
        }
    }

    fn word(&self, at: usize) -> (Option<Kind>, usize) {
        let raw = |at: usize| matches!(self.get(at), Some('r' | 'R'));
        let bytes = matches!(self.chars[at], 'b' | 'B');
        let quoted = if bytes {
            let raw = raw(at + 1);
            self.string(at + 1 + usize::from(raw), raw)
                .ok()
                .map(|end| (Kind::Bytes, end))
        } else if raw(at) {
            self.string(at + 1, true)
                .ok()
                .map(|end| (Kind::String, end))
        } else {
            None
        };
        if let Some((kind, end)) = quoted {
            return (Some(kind), end);
        }
        let end = self.while_(at, |c| c.is_ascii_alphanumeric() || c == '_');
        let word: String = self.chars[at..end].iter().collect();
        let kind = match word.as_str() {
            "in" => Kind::In,
            "true" => Kind::True,
            "false" => Kind::False,
            "null" => Kind::Null,
            _ => Kind::Identifier,
        };
        (Some(kind), end)
    }

    fn digits(&self, at: usize) -> usize {
        self.while_(at, |c| c.is_ascii_digit())
    }

    /// The end of `.5e3`.
    fn fraction(&self, at: usize) -> Option<usize> {
        let end = self.digits(at + 1);
        (self.get(at) == Some('.') && end > at + 1).then(|| self.exponent(end).unwrap_or(end))
    }

    fn exponent(&self, at: usize) -> Option<usize> {
        if !matches!(self.get(at), Some('e' | 'E')) {
            return None;
        }
        let sign = usize::from(matches!(self.get(at + 1), Some('+' | '-')));
        let end = self.digits(at + 1 + sign);
        (end > at + 1 + sign).then_some(end)
    }

    fn number(&self, at: usize) -> (Option<Kind>, usize) {
        let digits = self.digits(at);
        if let Some(end) = self.fraction(digits).or_else(|| self.exponent(digits)) {
            return (Some(Kind::Float), end);
        }
        let mut end = digits;
        if self.chars[at] == '0' && self.get(at + 1) == Some('x') {
            let hex = self.while_(at + 2, |c| c.is_ascii_hexdigit());
            if hex > at + 2 {
                end = hex;
            }
        }
        if matches!(self.get(end), Some('u' | 'U')) {
            (Some(Kind::Uint), end + 1)
        } else {
            (Some(Kind::Int), end)
        }
    }

    /// The end of a string whose quote stands at `at`; else where it broke off.
    fn string(&self, at: usize, raw: bool) -> Result<usize, usize> {
        let quote = match self.get(at) {
            Some(c @ ('"' | '\'')) => c,
            _ => return Err(at),
        };
        let triple = |at: usize| (at..at + 3).all(|i| self.get(i) == Some(quote));
        if triple(at) {
            if let Ok(end) = self.triple(at + 3, raw, &triple) {
                return Ok(end);
            }
            return Ok(at + 2);
        }
        let mut i = at + 1;
        loop {
            match self.get(i) {
                None | Some('\n' | '\r') => return Err(i),
                Some(c) if c == quote => return Ok(i + 1),
                Some('\\') if !raw => i = self.escape(i)?,
                Some(_) => i += 1,
            }
        }
    }

    fn triple(&self, at: usize, raw: bool, closes: &dyn Fn(usize) -> bool) -> Result<usize, usize> {
        let mut i = at;
        loop {
            match self.get(i) {
                None => return Err(i),
                Some(_) if closes(i) => return Ok(i + 3),
                Some('\\') if !raw => i = self.escape(i)?,
                Some(_) => i += 1,
            }
        }
    }

    fn escape(&self, at: usize) -> Result<usize, usize> {
        let hex = |count: usize| {
            let end = at + 2 + count;
            match (at + 2..end).find(|i| !self.get(*i).is_some_and(|c| c.is_ascii_hexdigit())) {
                Some(bad) => Err(bad),
                None => Ok(end),
            }
        };
        match self.get(at + 1) {
            Some('a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '"' | '\'' | '\\' | '?' | '`') => {
                Ok(at + 2)
            }
            Some('x' | 'X') => hex(2),
            Some('u') => hex(4),
            Some('U') => hex(8),
            Some('0'..='3') => {
                match (at + 2..at + 4).find(|i| !matches!(self.get(*i), Some('0'..='7'))) {
                    Some(bad) => Err(bad),
                    None => Ok(at + 4),
                }
            }
            _ => Err(at + 1),
        }
    }
}

/// Reports an error of the syntax in cel-go's words; the one past the limit ends the reading.
pub(super) fn syntax_error(
    errors: &mut Errors,
    count: &mut usize,
    at: u32,
    message: &str,
) -> Result<(), String> {
    if *count >= MAX_SYNTAX_ERRORS {
        errors.report(
            Some(at),
            format!("Syntax error: More than {MAX_SYNTAX_ERRORS} syntax errors"),
        );
        return Err(String::new());
    }
    *count += 1;
    // cel-go gives these three words their old message.
    let message = ["true", "false", "null"]
        .iter()
        .find(|word| {
            message
                .strip_prefix("no viable alternative at input '")
                .and_then(|rest| rest.strip_suffix('\''))
                .is_some_and(|text| text.chars().count() == word.len() + 1 && text.ends_with(*word))
        })
        .map_or_else(
            || message.to_owned(),
            |word| format!("mismatched input '{word}' expecting IDENTIFIER"),
        );
    errors.report(Some(at), format!("Syntax error: {message}"));
    Ok(())
}
