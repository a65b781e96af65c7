//! Text of the input made safe for each format: shown, never obeyed.

pub(crate) mod csv;
pub(crate) mod markdown;
pub(crate) mod xml;
