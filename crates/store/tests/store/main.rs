//! The store as its callers see it, on real files.

mod demo;
mod shop;
