//! Files to a checked catalog.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, FileId, Files, Node, Span};
use onus_predicate::Program;

use crate::catalog::Entries;
use crate::control::{self, ControlDraft, Example};
use crate::decode::{Mistakes, text};
use crate::schema::TypeTable;
use crate::service::{self, Bases, ServiceDraft};
use crate::shift::{self, ShiftDraft};
use crate::{
    Catalog, ControlEntry, ControlProse, Lazy, Part, Registry, Shift, TypeEntry, lint, model,
};

/// A file of a catalog: its path below the catalog's folder, and its bytes.
#[derive(Clone, Debug)]
pub struct CatalogFile {
    /// `aws/s3/service.yaml`.
    pub path: EcoString,
    /// The path as messages show it.
    pub shown: EcoString,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

/// What loading gives.
#[derive(Debug)]
pub struct Loaded {
    /// The catalog; what is wrong in the files is not in it.
    pub catalog: Catalog,
    /// The examples, each with the id of its control.
    pub examples: Vec<(EcoString, Example)>,
    /// The ids of the shifts that the files describe.
    pub shifts: Vec<EcoString>,
    /// It is a whole catalog, which owes its readers examples and cases; additions of a user may go without.
    pub whole: bool,
    /// The files with end-to-end cases.
    pub cases: Vec<CatalogFile>,
    /// What is wrong. With an error in it, the catalog is not to be used.
    pub mistakes: Vec<Diagnostic>,
}

/// Reads the files of a catalog. With `base`, they add to it, with the same rights.
pub fn load(base: Option<Catalog>, catalog_files: &[CatalogFile], files: &Files) -> Loaded {
    let mut mistakes = Mistakes::default();
    let mut sorted: Vec<&CatalogFile> = catalog_files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let documents: Vec<Document<'_>> =
        sorted.iter().filter_map(|file| Document::read(file, files, &mut mistakes)).collect();
    let registry = sorted.iter().find(|file| file.path == REGISTRY).and_then(|file| {
        let span = Span::file(files.id(&file.shown));
        Some(Registry::read(std::str::from_utf8(&file.bytes).ok()?, span, &mut mistakes))
    });
    let cases =
        sorted.iter().filter(|file| is_case(&file.path)).map(|file| (*file).clone()).collect();

    let whole = base.is_none();
    let mut known = base.map(Catalog::into_entries).unwrap_or_default();
    let mut drafts: Vec<(EcoString, ServiceDraft<'_>)> = Vec::new();
    for document in &documents {
        match document.kind {
            Kind::Model => known.model = model::read(&document.node, &mut mistakes),
            Kind::Classified => {
                for service in service::read_classified(&document.node, &mut mistakes) {
                    add_service(&mut known, service, document.span(), &mut mistakes);
                }
            }
            Kind::Service(id) => {
                let known_service = known.services.iter().find(|service| service.id == id).cloned();
                if let Some(draft) =
                    service::read(id, &document.node, known_service.as_ref(), &mut mistakes)
                {
                    drafts.push((id.into(), draft));
                }
            }
            Kind::Control { .. } => {}
        }
    }
    if known.model.classes.is_empty() {
        mistakes.add("the catalog has no model.yaml", Span::NONE);
    }
    for (_, draft) in &mut drafts {
        let types = std::mem::take(&mut draft.types);
        for entry in types {
            add_type(&mut known, entry, &mut mistakes);
        }
    }
    for (id, draft) in &drafts {
        match known.services.iter_mut().find(|service| service.id == *id) {
            Some(known) => known.clone_from(&draft.service),
            None => known.services.push(draft.service.clone()),
        }
    }
    known.services.sort_by(|a, b| a.id.cmp(&b.id));

    let table = TypeTable::new(&known.types, &known.services);
    let mut shifts: Vec<EcoString> = Vec::new();
    for (id, draft) in &drafts {
        for (name, node) in &draft.shifts {
            shifts.push(eco_format!("{id}/{name}"));
            let draft = shift::read(eco_format!("{id}/{name}"), node, &draft.bases, &mut mistakes);
            known.shifts.extend(resolve_shift(draft, &table, &mut mistakes));
        }
    }
    let mut examples = Vec::new();
    let mut asked: Vec<Asked> = Vec::new();
    let no_bases = Bases::default();
    for document in &documents {
        let Kind::Control { service, name } = document.kind else { continue };
        let bases = drafts
            .iter()
            .find(|(id, _)| id == service)
            .map_or(&no_bases, |(_, draft)| &draft.bases);
        if known.services.iter().all(|known| known.id != service) {
            mistakes.add(
                eco_format!("there is no service `{service}` that this control could belong to"),
                document.span(),
            );
        }
        let id = eco_format!("{service}/{name}");
        if known.controls.iter().any(|known| known.id == id) {
            mistakes.add(eco_format!("there already is a control `{id}`"), document.span());
            continue;
        }
        let Some(draft) = control::read(&document.node, bases, &mut mistakes) else { continue };
        let existence = control::asks_for_existence(draft.require);
        let sources = draft.sources.clone();
        asked.push(Asked { id: id.clone(), span: document.span(), existence, sources });
        examples.extend(draft.examples.iter().map(|example| (id.clone(), example.clone())));
        known.controls.extend(resolve_control(id, service, draft, &table, &mut mistakes));
    }
    known.controls.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(registry) = registry {
        known.registry = registry;
    }
    let catalog = Catalog::assemble(known);
    let places = drafts.iter().flat_map(|(_, draft)| &draft.places);
    for (name, span) in places {
        let entry = catalog.types.iter().find(|entry| entry.name == *name);
        for message in entry.map(|entry| lint::native_types(&catalog, entry)).unwrap_or_default() {
            mistakes.add(message, *span);
        }
    }
    for Asked { id, span, existence, sources } in asked {
        let control = catalog.controls.iter().find(|control| control.id == id);
        let own: Vec<&Example> =
            examples.iter().filter(|(of, _)| *of == id).map(|(_, example)| example).collect();
        let lacks = control
            .map(|control| lint::examples(&catalog, control, &own, existence, &sources))
            .unwrap_or_default();
        for message in lacks {
            mistakes.0.push(lacking(whole, message, span));
        }
    }
    Loaded { catalog, examples, shifts, whole, cases, mistakes: mistakes.0 }
}

/// What is missing: a mistake in a whole catalog, a hint in additions to one.
pub fn lacking(whole: bool, message: EcoString, span: Span) -> Diagnostic {
    if whole { Diagnostic::error(message, span) } else { Diagnostic::warning(message, span) }
}

/// A control of which examples are to be checked.
struct Asked {
    id: EcoString,
    span: Span,
    existence: bool,
    /// The sources that can say what is asked; empty: all.
    sources: Vec<EcoString>,
}

/// A parsed file.
struct Document<'a> {
    kind: Kind<'a>,
    node: Node,
    file: FileId,
}

/// What a file is, by its path.
#[derive(Clone, Copy)]
enum Kind<'a> {
    Model,
    Classified,
    Service(&'a str),
    Control { service: &'a str, name: &'a str },
}

impl<'a> Document<'a> {
    fn read(file: &'a CatalogFile, files: &Files, mistakes: &mut Mistakes) -> Option<Document<'a>> {
        let kind = Kind::of(&file.path);
        let id = files.id(&file.shown);
        let Some(kind) = kind else {
            if !is_case(&file.path) && !is_prose(&file.path) && file.path != REGISTRY {
                let help = "see README.md of the catalog for the names of its files";
                mistakes.add_with_help("this file has no place in a catalog", Span::file(id), help);
            }
            return None;
        };
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            mistakes.add("the file is not UTF-8", Span::file(id));
            return None;
        };
        let (documents, problems) = onus_yaml::parse(text, id, &onus_yaml::Options::default());
        mistakes.0.extend(
            problems
                .into_iter()
                .map(|problem| Diagnostic { level: onus_model::Level::Error, ..problem }),
        );
        let node = documents.into_iter().next()?;
        Some(Document { kind, node, file: id })
    }

    fn span(&self) -> Span {
        Span::file(self.file)
    }
}

impl Kind<'_> {
    fn of(path: &str) -> Option<Kind<'_>> {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["model.yaml"] => Some(Kind::Model),
            ["services.yaml"] => Some(Kind::Classified),
            ["aws", service, "service.yaml"] => Some(Kind::Service(service)),
            ["aws", service, "controls", name] => {
                Some(Kind::Control { service, name: name.strip_suffix(".yaml")? })
            }
            _ => None,
        }
    }
}

/// Every type there is.
const REGISTRY: &str = "types.tsv";

fn is_case(path: &str) -> bool {
    matches!(path.split('/').collect::<Vec<_>>().as_slice(), ["aws", _, "tests", name] if name.ends_with(".md"))
}

fn is_prose(path: &str) -> bool {
    path.ends_with("README.md")
}

fn add_service(known: &mut Entries, service: crate::Service, span: Span, mistakes: &mut Mistakes) {
    if known.services.iter().any(|known| known.id == service.id) {
        mistakes.add(eco_format!("there already is a service `{}`", service.id), span);
    } else {
        known.services.push(service);
    }
    known.services.sort_by(|a, b| a.id.cmp(&b.id));
}

/// Adds a type, or what a user's file says in addition of one that is known.
fn add_type(all: &mut Entries, entry: TypeEntry, mistakes: &mut Mistakes) {
    let Some(known) = all.types.iter_mut().find(|known| known.name == entry.name) else {
        all.types.push(entry);
        return;
    };
    if known.service != entry.service {
        let message = eco_format!(
            "`{}` is described by two services: {} and {}",
            entry.name,
            known.service,
            entry.service
        );
        mistakes.add(message, Span::NONE);
        return;
    }
    // Facts name their parts by index: each part of the entry gets its place among those that are known.
    let parts: Vec<u16> = entry.parts.into_iter().map(|part| part_index(known, part)).collect();
    for mut fact in Vec::clone(&entry.facts) {
        if known.facts.iter().any(|other| other.name == fact.name) {
            let message = eco_format!("`{}` already has a fact `{}`", known.name, fact.name);
            mistakes.add(message, Span::NONE);
            continue;
        }
        fact.renumber_parts(&parts);
        known.facts.change(|facts| facts.push(fact));
    }
    let said = Vec::clone(&entry.allocations);
    known.allocations.change(|all| all.extend(said));
}

fn part_index(known: &mut TypeEntry, part: Part) -> u16 {
    let at = known.parts.iter().position(|other| *other == part).unwrap_or_else(|| {
        known.parts.push(part);
        known.parts.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn resolve_type(node: Option<&Node>, table: &TypeTable, mistakes: &mut Mistakes) -> Option<u32> {
    let node = node?;
    let name = text(node, mistakes);
    let found = table.index(&name);
    if found.is_none() {
        let mut known: Vec<&str> = table.names().map(EcoString::as_str).collect();
        known.sort_unstable();
        let help = eco_format!("types in depth: {}", known.join(", "));
        mistakes.add_with_help(
            eco_format!("`{name}` is no type that the catalog describes"),
            node.span,
            help,
        );
    }
    found
}

fn compile(
    node: &Node,
    type_index: u32,
    table: &TypeTable,
    mistakes: &mut Mistakes,
) -> Option<Program> {
    let spelled = text(node, mistakes);
    match onus_predicate::compile(&spelled, type_index, table) {
        Ok(program) => Some(program),
        Err(found) => {
            for mistake in found {
                let span =
                    Span { line: node.span.line + mistake.line.saturating_sub(1), ..node.span };
                let message = eco_format!(
                    "{} (at column {} of the predicate)",
                    mistake.message,
                    mistake.column
                );
                mistakes.add_with_help(message, span, mistake.help);
            }
            None
        }
    }
}

fn resolve_shift(
    draft: ShiftDraft<'_>,
    table: &TypeTable,
    mistakes: &mut Mistakes,
) -> Option<Shift> {
    let type_index = resolve_type(draft.type_name, table, mistakes)?;
    Some(Shift {
        id: draft.id,
        title: draft.title,
        type_index,
        when: compile(draft.when?, type_index, table, mistakes)?,
        moves: Lazy::from(draft.moves),
        basis: Lazy::from(draft.basis),
        valid_from: draft.valid_from,
        valid_until: draft.valid_until,
    })
}

fn resolve_control(
    id: EcoString,
    service: &str,
    draft: ControlDraft<'_>,
    table: &TypeTable,
    mistakes: &mut Mistakes,
) -> Option<ControlEntry> {
    let type_index = resolve_type(draft.type_name, table, mistakes)?;
    let when = match draft.when {
        Some(node) => Some(compile(node, type_index, table, mistakes)?),
        None => None,
    };
    let [fix_terraform, fix_cloudformation] = draft.fixes;
    Some(ControlEntry {
        id,
        service: service.into(),
        type_index,
        layer: draft.layer,
        verb: draft.verb,
        severity: draft.severity,
        when,
        require: compile(draft.require?, type_index, table, mistakes)?,
        prose: Lazy::from(ControlProse {
            title: draft.title,
            why: draft.why,
            fix_terraform,
            fix_cloudformation,
            basis: draft.basis,
            aliases: draft.aliases,
        }),
    })
}
