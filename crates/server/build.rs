//! The web app is embedded at compile time: compile again when it was built again.

fn main() {
    println!("cargo::rerun-if-changed=../../web/app/dist");
}
