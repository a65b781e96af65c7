//! Terraform and OpenTofu: directories, plans and states to raw resources.

mod functions;
mod plan;
mod policy_document;
mod syntax;
