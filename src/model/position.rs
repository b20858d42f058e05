//! Where a value came from.

/// A loaded file, as an index into [`super::Cluster::file_name`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// The embedded objects of a fresh cluster, which no file holds.
    pub const BUILT_IN: FileId = FileId(0);
}

/// A place in a loaded file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The file.
    pub file: FileId,
    /// Line, from 1; 0 for built-in objects.
    pub line: u32,
    /// Column in characters, from 1; 0 for built-in objects.
    pub column: u32,
}

impl Position {
    /// The position of everything that is embedded rather than loaded.
    pub const BUILT_IN: Position = Position {
        file: FileId::BUILT_IN,
        line: 0,
        column: 0,
    };

    /// Whether the value is embedded rather than loaded.
    pub fn is_built_in(self) -> bool {
        self.file == FileId::BUILT_IN
    }
}
