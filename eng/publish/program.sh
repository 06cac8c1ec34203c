# Sourced by publish.sh: one program from its sources to artifacts/publish/PROGRAM/.

publish_program() { # PROJECT FRAMEWORK RID
  local program home stamp
  program=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "src/$1/$1.csproj")
  home=artifacts/publish/$program
  stamp=$(stamp_of "$1" "$2" "$3")
  if [ "$(cat "artifacts/publish-stamps/$program" 2>/dev/null)" != "$stamp" ] || ! (cd "$home" && sha256sum --check --status SHA256SUMS) 2>/dev/null; then
    rm -f "artifacts/publish-stamps/$program"
    build_program "$1" "$2" "$3" "$program"
    mkdir -p artifacts/publish-stamps
    echo "$stamp" >"artifacts/publish-stamps/$program"
  fi
  printf '%-14s %5.1f MB  %s %s  sha256:%s\n' "$program" "$(awk "BEGIN { print $(stat -c %s "$home/$program") / 1e6 }")" "$2" "$3" "$(sha256sum "$home/$program" | cut -d' ' -f1)"
}

# Everything that a program's bytes come from: its project and those that it refers to, the shared properties, locks, packages, the compiler.
stamp_of() { # PROJECT FRAMEWORK RID
  { echo "$2 $3"; dotnet --version; inputs "$1" | LC_ALL=C sort -u | xargs -d '\n' sha256sum; } | sha256sum | cut -d' ' -f1
}

inputs() { # PROJECT
  local project
  for project in $(projects_of "$1"); do
    find "src/$project" -type f
    find eng/locks -name "$project.*"
  done
  find targets eng/publish eng/licences -type f
  printf '%s\n' Directory.Build.props Directory.Build.targets Directory.Packages.props package-lock.json package.json eng/publish.sh
}

projects_of() { # PROJECT
  echo "$1"
  local reference
  sed -n 's:.*<ProjectReference Include="\.\./[^/]*/\([^"]*\)\.csproj".*:\1:p' "src/$1/$1.csproj" | while read -r reference; do projects_of "$reference"; done | sort -u
}

build_arguments() { # PROJECT FRAMEWORK RID
  local linker project
  linker=$(cross_linker "$3")
  printf -- '-p:%s\n' EdgeAot=true "EdgeRid=$3" "EdgeFramework=$2"
  [ -z "$linker" ] || printf -- '-p:%s\n' "EdgeLinker=$linker" "ObjCopyName=${linker%gcc}objcopy"
  for project in $(projects_of "$1"); do
    [ -f "eng/locks/$project.$2.$3.lock.json" ] && continue
    echo "publish: no lock file for $project, $2 and $3: packages are restored by version, unlocked" >&2
    printf -- '-p:%s\n' RestorePackagesWithLockFile=false EdgeLockSuffix=unlocked
    return
  done
}

build_program() { # PROJECT FRAMEWORK RID PROGRAM
  local work=artifacts/publish-staging/$4 arguments
  rm -rf "$work"
  mkdir -p "$work/all" "$work/ship"
  mapfile -t arguments < <(build_arguments "$1" "$2" "$3")
  echo "publish: compiling $4 for $2 $3"
  dotnet publish "src/$1" --nologo -v quiet -clp:NoSummary -c Release "${arguments[@]}" -o "$work/all"
  cp "$work/all/$4" "$work/all"/lib*.so "$work/ship/"
  node eng/publish/notices.mjs "$1" "$4" "artifacts/aot-$2-$3/obj/$1/project.assets.json" "$3" "$work/ship"
  (cd "$work/ship" && find . -type f ! -name SHA256SUMS -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum >SHA256SUMS)
  swap "$work/ship" "artifacts/publish/$4"
  rm -rf "$work"
}

# The published folder is the old one or the new one, whole; what runs from the old one goes on.
swap() { # NEW HOME
  mkdir -p "$(dirname "$2")"
  rm -rf "$2.old"
  [ ! -e "$2" ] || mv -T "$2" "$2.old"
  mv -T "$1" "$2" || { mv -T "$2.old" "$2"; return 1; }
  rm -rf "$2.old"
}
