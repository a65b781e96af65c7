//! The matrix for a spreadsheet: one row a service and layer.

use std::io::{self, Write};

use onus_model::Verb;

use super::Matrix;
use crate::escape::csv::record;
use crate::words;

pub(super) fn write(matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    let mut head = vec!["service", "class", "layer", "split"];
    head.extend(Verb::ALL.iter().map(|verb| verb.name()));
    head.extend(["aws", "you", "basis", "as of"]);
    out.write_all(record(&head).as_bytes())?;
    for service in &matrix.services {
        for row in &service.layers {
            let mut fields = vec![
                service.name.to_string(),
                service.class.map_or("", |class| class.name()).to_owned(),
                row.layer.name().to_owned(),
                words::split(row.split).to_owned(),
            ];
            fields.extend(
                Verb::ALL
                    .iter()
                    .map(|verb| row.holder(*verb).map_or("", |held| held.name()).to_owned()),
            );
            let basis = |of: fn(&onus_model::Basis) -> &str| -> String {
                row.basis.iter().map(of).collect::<Vec<_>>().join(" ")
            };
            fields.extend([row.aws.to_string(), row.you.to_string()]);
            fields.extend([basis(|one| &one.url), basis(|one| &one.as_of)]);
            out.write_all(record(&fields).as_bytes())?;
        }
    }
    Ok(())
}
