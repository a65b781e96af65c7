//! How an allocation came about: every statement of the catalog that was held against the resource, in order.

use onus_catalog::{Catalog, LayerAllocation, Service};
use onus_model::{Basis, Blocker, EcoString, Evidence, ServiceClass, Truth, Verdict};

use crate::evidence;
use crate::view::EstateView;

/// What kind of statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The default of a class.
    Class,
    /// Of a service.
    Service,
    /// Of a resource type.
    Type,
    /// A shift.
    Shift,
    /// A control.
    Control,
}

/// A statement, and what came of it.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What kind.
    pub stage: Stage,
    /// Its id.
    pub id: EcoString,
    /// It in one line.
    pub title: EcoString,
    /// Its predicate; empty when it is unconditional.
    pub predicate: EcoString,
    /// Whether that holds; `None` without a predicate or a resource.
    pub truth: Option<Truth>,
    /// What the predicate saw.
    pub evidence: Vec<Evidence>,
    /// What it waits for.
    pub blockers: Vec<Blocker>,
    /// What it says of duties.
    pub said: Vec<LayerAllocation>,
    /// Of a control on a resource: the verdict.
    pub verdict: Option<Verdict>,
    /// The sources.
    pub basis: Vec<Basis>,
}

impl Statement {
    fn new(
        stage: Stage,
        id: impl Into<EcoString>,
        title: impl Into<EcoString>,
        basis: &[Basis],
    ) -> Statement {
        Statement {
            stage,
            id: id.into(),
            title: title.into(),
            predicate: EcoString::new(),
            truth: None,
            evidence: Vec::new(),
            blockers: Vec::new(),
            said: Vec::new(),
            verdict: None,
            basis: basis.to_vec(),
        }
    }
}

/// The statements on the duties of a type in depth, from the widest to the narrowest; with a resource of an
/// estate, held against it.
pub fn of_type(
    catalog: &Catalog,
    type_index: u32,
    on: Option<(&EstateView<'_>, u32)>,
) -> Vec<Statement> {
    let Some(entry) = catalog.type_entry(type_index) else { return Vec::new() };
    let mut all = of_class(catalog, entry.class);
    all.extend(catalog.service(&entry.service).map(service_statement));
    all.push(Statement {
        said: entry.allocations.to_vec(),
        ..Statement::new(
            Stage::Type,
            entry.name.clone(),
            entry.title.clone(),
            &basis_of(&entry.allocations),
        )
    });
    for (_, shift) in catalog.shifts_of(type_index) {
        let mut statement = Statement {
            predicate: shift.when.text().into(),
            said: shift.moves.to_vec(),
            ..Statement::new(Stage::Shift, shift.id.clone(), shift.title.clone(), &shift.basis)
        };
        if let Some((view, at)) = on {
            statement.truth = Some(shift.when.decide(view, at));
            statement.evidence = evidence::reads(&shift.when, view, catalog, at);
            statement.blockers = evidence::blockers(&shift.when, view, at);
        }
        all.push(statement);
    }
    all
}

/// The statements on the duties of a service of which nothing but the class is known.
pub fn of_service(catalog: &Catalog, id: &str) -> Vec<Statement> {
    let Some(service) = catalog.service(id) else { return Vec::new() };
    let mut all = of_class(catalog, service.class);
    all.push(service_statement(service));
    all
}

fn service_statement(service: &Service) -> Statement {
    let basis = basis_of(&service.allocations);
    Statement {
        said: service.allocations.to_vec(),
        ..Statement::new(Stage::Service, service.id.clone(), service.name.clone(), &basis)
    }
}

fn of_class(catalog: &Catalog, class: ServiceClass) -> Vec<Statement> {
    let statement = |model: &onus_catalog::ClassModel| Statement {
        said: model.layers.to_vec(),
        ..Statement::new(Stage::Class, class.name(), model.title.clone(), &model.basis)
    };
    catalog.class(class).map(statement).into_iter().collect()
}

fn basis_of(said: &[LayerAllocation]) -> Vec<Basis> {
    let mut all: Vec<Basis> = Vec::new();
    for basis in said.iter().flat_map(|said| &said.basis) {
        if !all.contains(basis) {
            all.push(basis.clone());
        }
    }
    all
}
