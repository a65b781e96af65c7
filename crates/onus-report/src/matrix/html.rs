//! The matrix as one self-contained page.

use std::io::{self, Write};

use onus_model::{Basis, Split, Verb};

use super::{Matrix, MatrixLayer, MatrixService};
use crate::Options;
use crate::escape::xml::text;
use crate::words;

const STYLE: &str = include_str!("matrix.css");

pub(super) fn write(matrix: &Matrix, options: &Options<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"color-scheme\" content=\"light dark\">")?;
    writeln!(
        out,
        "<title>Responsibility matrix</title>\n<style>\n{STYLE}</style>\n</head>\n<body>"
    )?;
    let (version, as_of) = (text(options.version), text(&matrix.as_of));
    writeln!(
        out,
        "<header><h1>Responsibility matrix</h1><p>onus {version} · as of {as_of}</p></header>\n<main>"
    )?;
    for service in &matrix.services {
        write_service(service, out)?;
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn write_service(service: &MatrixService, out: &mut dyn Write) -> io::Result<()> {
    let class = service.class.map_or("", |class| class.name());
    writeln!(
        out,
        "<section><h2>{} <small>{class}</small></h2>\n<table><thead><tr>",
        text(&service.name)
    )?;
    for title in ["Layer", "Provide", "Decide", "Apply", "Verify", "AWS", "You", "Basis"] {
        write!(out, "<th scope=\"col\">{title}</th>")?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for row in &service.layers {
        write_layer(row, out)?;
    }
    writeln!(out, "</tbody></table></section>")
}

fn write_layer(row: &MatrixLayer, out: &mut dyn Write) -> io::Result<()> {
    let (layer, split) = (words::layer(row.layer), words::split(row.split));
    write!(
        out,
        "<tr class=\"{}\"><th scope=\"row\">{layer}<small>{split}</small></th>",
        class(row.split)
    )?;
    for verb in Verb::ALL {
        match row.holder(*verb) {
            Some(held) => {
                write!(
                    out,
                    "<td><span class=\"{}\">{}</span></td>",
                    held.name(),
                    words::allocation(held)
                )?;
            }
            None => write!(out, "<td></td>")?,
        }
    }
    write!(out, "<td>{}</td><td>{}</td><td>", text(&row.aws), text(&row.you))?;
    write_basis(&row.basis, out)?;
    writeln!(out, "</td></tr>")
}

/// The pages by the day on which they were read, each as a number that leads to it.
fn write_basis(basis: &[Basis], out: &mut dyn Write) -> io::Result<()> {
    for pages in basis.chunk_by(|one, other| one.as_of == other.as_of) {
        let day = pages.first().map_or_else(String::new, |page| text(&page.as_of));
        write!(out, "<span class=\"day\">read {day}:</span>")?;
        for (place, page) in pages.iter().enumerate() {
            let (url, number) = (text(&page.url), place + 1);
            // Only a web address becomes a link: a catalog folder may be anybody's.
            if page.url.starts_with("https://") {
                write!(
                    out,
                    " <a href=\"{url}\" title=\"{url}\" rel=\"noreferrer\">[{number}]</a>"
                )?;
            } else {
                write!(out, " {url}")?;
            }
        }
        write!(out, "<br>")?;
    }
    Ok(())
}

fn class(split: Split) -> &'static str {
    match split {
        Split::Provider => "provider",
        Split::Customer => "customer",
        Split::ThirdParty => "third-party",
        Split::SharedDependent | Split::SharedIndependent => "shared",
        Split::NotApplicable => "not-applicable",
        Split::Undetermined => "undetermined",
    }
}
