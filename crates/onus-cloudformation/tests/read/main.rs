//! Templates in, resources out.

mod detection;
mod functions;
mod harm;
mod sam;
mod show;
mod stacks;
