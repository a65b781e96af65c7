//! One self-contained page to explore the assessment: no network, no framework. The data travels as
//! compact JSON inside the page; `page.js` renders what is looked at, when it is looked at.

mod data;
mod dictionary;

use std::io::{self, Write};

use onus_model::{Assessment, Files};

use crate::Options;
use crate::view::View;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const BODY: &str = include_str!("page.html");

/// Nothing is loaded from anywhere, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

/// Writes the report.
pub(crate) fn write(
    assessment: &Assessment,
    files: &Files,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View { assessment, files };
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"color-scheme\" content=\"light dark\">")?;
    writeln!(out, "<title>onus: who holds which duty</title>\n<style>\n{STYLE}</style>\n</head>")?;
    writeln!(out, "<body>\n{BODY}")?;
    out.write_all(b"<script type=\"application/json\" id=\"report\">")?;
    data::write(view, options, &mut Inert(&mut *out))?;
    writeln!(out, "</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>")
}

/// JSON in which no `<` is left, so that nothing in it can end or open an element. In JSON `<` stands
/// in strings only, where an escape says the same.
struct Inert<'a>(&'a mut dyn Write);

impl Write for Inert<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut parts = bytes.split(|byte| *byte == b'<');
        if let Some(first) = parts.next() {
            self.0.write_all(first)?;
        }
        for part in parts {
            self.0.write_all(b"\\u003c")?;
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
