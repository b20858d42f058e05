//! One folder of recorded answers, and the cluster that it was recorded from.

use rbac_check::load::{Format, Loader, Options, discover};
use rbac_check::model::Cluster;
use serde_json::Value;
use std::path::{Path, PathBuf};

pub struct Suite {
    pub folder: PathBuf,
    pub about: Value,
}

impl Suite {
    /// The suites below a folder, in the order of their names.
    pub fn all(root: &Path) -> Vec<Suite> {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
            .unwrap_or_else(|e| panic!("{}: {e}", root.display()))
            .map(|entry| entry.expect("a folder entry").path())
            .filter(|path| path.join("suite.json").is_file())
            .collect();
        folders.sort();
        folders
            .into_iter()
            .map(|folder| {
                let about = std::fs::read_to_string(folder.join("suite.json")).expect("suite.json");
                let about = serde_json::from_str(&about).expect("suite.json");
                Suite { folder, about }
            })
            .collect()
    }

    pub fn name(&self) -> &str {
        self.folder
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or("")
    }

    /// The lines of a file of answers; none where the suite has no such file.
    pub fn lines(&self, file: &str) -> Vec<Value> {
        let Ok(text) = std::fs::read_to_string(self.folder.join(file)) else {
            return Vec::new();
        };
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{file}: {e}")))
            .collect()
    }

    /// The folders that are loaded, in their order, each with its default namespace.
    fn inputs(&self) -> Vec<(PathBuf, String)> {
        let namespace = |folder: &Path| {
            let project = folder
                .parent()
                .and_then(|p| p.file_name())
                .and_then(|n| n.to_str());
            let named = match &self.about["default_namespaces"] {
                Value::Object(map) => project.and_then(|p| map.get(p)),
                _ => self.about.get("default_namespace"),
            };
            named
                .and_then(Value::as_str)
                .unwrap_or("default")
                .to_owned()
        };
        match self.about["loads"].as_array() {
            Some(loads) => loads
                .iter()
                .map(|load| self.folder.join(load.as_str().expect("a folder")))
                .map(|folder| (folder.clone(), namespace(&folder)))
                .collect(),
            None => vec![(self.folder.join("input"), "default".to_owned())],
        }
    }

    /// The cluster; the recorded default objects come from the suite where it brings them.
    pub fn load(&self) -> Cluster {
        let bring_their_own = self.about["loads"].is_array() || self.name() == "_bootstrap";
        let mut loader = Loader::new(Options {
            defaults: !bring_their_own,
            ..Options::default()
        });
        for (folder, namespace) in self.inputs() {
            loader.set_manifest_namespace(&namespace);
            let folder = folder.to_str().expect("a UTF-8 path").to_owned();
            for source in discover::discover(&[folder]).expect("a readable folder") {
                let text = source.read().expect("a readable file");
                loader
                    .add_text(&source.name(), &text, Format::Guess)
                    .expect("manifests that the server takes");
            }
        }
        loader.finish()
    }
}
