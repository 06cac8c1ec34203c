# Sourced by the commands: one environment for all of them.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export ORT_DISABLE_TELEMETRY=1
export PATH="$PATH:$HOME/.dotnet"
