//! `--token-auth-file`: static tokens, one a row.

use super::csv::{CsvError, Reader};
use crate::model::Secret;

/// A row: a token and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The token.
    pub token: Secret,
    /// The user's name; may be empty.
    pub user: String,
    /// The user's uid; may be empty.
    pub uid: String,
    /// The user's groups, neither sorted nor made unique.
    pub groups: Vec<String>,
}

/// Why a token file stops the server; displayed in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFileError {
    /// It is no CSV.
    #[error("{0}")]
    Csv(CsvError),
    /// A row is too short.
    #[error(
        "token file '{path}' must have at least 3 columns (token, user name, user uid), found {found}"
    )]
    Columns {
        /// The file, as the flag names it.
        path: String,
        /// How many columns the row has.
        found: usize,
    },
}

/// Reads the rows of a token file. Where a token is given twice, the last row counts and stands at the
/// place of the first; rows with an empty token are skipped, as the server skips them.
///
/// # Errors
/// [`TokenFileError`] at the first row that stops the server.
pub fn rows(path: &str, text: &[u8]) -> Result<Vec<TokenRow>, TokenFileError> {
    let mut rows: Vec<TokenRow> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut reader = Reader::new(text);
    while let Some(record) = reader.record() {
        let record = record.map_err(TokenFileError::Csv)?;
        let [token, user, uid, rest @ ..] = &record[..] else {
            return Err(TokenFileError::Columns {
                path: path.to_owned(),
                found: record.len(),
            });
        };
        if token.is_empty() {
            continue;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let groups = rest.first().map_or_else(Vec::new, |groups| {
            text(groups).split(',').map(str::to_owned).collect()
        });
        let row = TokenRow {
            token: Secret::new(text(token)),
            user: text(user),
            uid: text(uid),
            groups,
        };
        let place = *places.entry(token.clone()).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(earlier) => *earlier = row,
            None => rows.push(row),
        }
    }
    Ok(rows)
}

/// What can be said of a row without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLook {
    /// The line that it ends on, from 1.
    pub line: u32,
    /// How many columns it has.
    pub columns: usize,
    /// Whether the server skips it: its token is empty.
    pub skipped: bool,
    /// Whether a row before it has its token, and stands no more.
    pub repeats: bool,
    /// The user's name.
    pub user: String,
    /// The user's groups.
    pub groups: Vec<String>,
}

/// Looks at every row of a token file, those that would stop the server too; and why it cannot be read to
/// its end.
pub fn look(text: &[u8]) -> (Vec<RowLook>, Option<String>) {
    let mut seen = std::collections::HashSet::new();
    let mut reader = Reader::new(text);
    let mut looks = Vec::new();
    while let Some(record) = reader.record() {
        let record = match record {
            Ok(record) => record,
            Err(error) => return (looks, Some(error.to_string())),
        };
        let text = |index: usize| {
            let bytes = record.get(index).map_or(&[][..], Vec::as_slice);
            String::from_utf8_lossy(bytes).into_owned()
        };
        let token = record.first().cloned().unwrap_or_default();
        let groups = text(3);
        looks.push(RowLook {
            line: reader.line(),
            columns: record.len(),
            skipped: token.is_empty(),
            repeats: !token.is_empty() && !seen.insert(token),
            user: text(1),
            groups: groups.split(',').map(str::to_owned).collect(),
        });
    }
    (looks, None)
}

#[cfg(test)]
mod tests {
    use super::{look, rows};

    #[test]
    fn looks_at_every_row() {
        let text = b"a,one,1\nb,two\n\na,three,3,\"g,system:masters\"\n,x,1\n";
        let (looks, trouble) = look(text);
        assert_eq!(trouble, None);
        let shown: Vec<_> = looks
            .iter()
            .map(|l| (l.line, l.columns, l.repeats, l.skipped, l.groups.len()))
            .collect();
        assert_eq!(
            shown,
            [
                (1, 3, false, false, 1),
                (2, 2, false, false, 1),
                (4, 4, true, false, 2),
                (5, 3, false, true, 1),
            ]
        );
        assert!(look(b"a,\"b\n").1.is_some());
    }

    #[test]
    fn reads_rows() {
        let text = b"a,one,1\nb,two,2,\"g,h\"\n,none,0\nb,three,3,\nc,four,4,g,h\n";
        let rows = rows("tokens.csv", text).expect("rows");
        let shown: Vec<_> = rows
            .iter()
            .map(|r| {
                (
                    r.token.expose(),
                    &r.user[..],
                    &r.uid[..],
                    r.groups.join("+"),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("a", "one", "1", String::new()),
                ("b", "three", "3", String::new()),
                ("c", "four", "4", "g".to_owned()),
            ]
        );
        assert_eq!(rows[0].groups, [""; 0]);
        assert_eq!(rows[1].groups, [""]);
    }

    #[test]
    fn refuses_short_rows() {
        let error = rows("t.csv", b"a,b\n").expect_err("too short");
        assert_eq!(
            error.to_string(),
            "token file 't.csv' must have at least 3 columns (token, user name, user uid), found 2"
        );
        assert!(!format!("{:?}", rows("t.csv", b"secret,b,c\n")).contains("secret"));
    }
}
