//! Terraform and OpenTofu: directories, plans and states to raw resources.

mod choice;
mod directory;
mod evaluate;
mod functions;
mod module;
mod plan;
mod policy_document;
mod syntax;
mod types;

pub use directory::Terraform;
pub use plan::{TerraformPlan, TerraformState};
