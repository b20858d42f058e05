//! Which fields of an object have been there: a repeated one is not of the clean form.

/// A set of fields, by number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen(u16);

impl Seen {
    /// Adds a field; `None` if it was there before.
    #[inline(always)]
    pub(super) fn first(&mut self, field: u8) -> Option<()> {
        let bit = 1 << field;
        let new = self.0 & bit == 0;
        self.0 |= bit;
        new.then_some(())
    }
}
