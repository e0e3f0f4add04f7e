# Installs, tries and removes the program on a real Windows, as an administrator; the twin of tests/installer.
# Stops with the first thing that is not as it has to be. Written after the documentation; not run yet.
param([Parameter(Mandatory)][string] $Built)
$ErrorActionPreference = 'Stop'

$setup = (Get-Item "$Built\aps-wizard-*-setup.exe").FullName
$program = "$env:ProgramFiles\aps-wizard"
$data = "$env:ProgramData\aps-wizard"
$cli = "$program\aps-wizard-cli.exe"
$site = "$PWD\demo são joão"
$made = "$site\profiles\serra-azul.yaml"
$keys = 'HKLM:\Software\aps-wizard', 'HKLM:\Software\Microsoft\Windows\CurrentVersion\Uninstall\aps-wizard',
  'HKLM:\Software\Classes\aps-wizard.profile', 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\aps-engine'

function Must([bool] $true_, [string] $what) { if (-not $true_) { throw "not so: $what" }; "ok  $what" }
function Setup([string[]] $words) { (Start-Process $setup (@('/S') + $words) -Wait -PassThru).ExitCode }
function Cli { $ErrorActionPreference = 'Continue'; $script:said = & $cli @args 2>&1 | Out-String; $script:code = $LASTEXITCODE }

# Installed
$time = Measure-Command { $script:first = Setup @() }
Must ($first -eq 0) 'the installer gives 0'
Must ($time.TotalSeconds -le 15) "it took $([int] $time.TotalSeconds) s"
$manifest = Get-Content "$Built\manifest.json" -Raw -Encoding utf8 | ConvertFrom-Json
foreach ($file in $manifest.files) {
  if ((Get-FileHash "$program\$($file.path)").Hash -ne $file.sha256) { throw "changed or missing: $($file.path)" }
}
$there = (Get-ChildItem $program -Recurse -File).Count
Must ($there -eq $manifest.files.Count + 2) 'nothing but the files of the manifest'
foreach ($key in $keys) { Must (Test-Path $key) $key }
$links = Get-ChildItem "$env:ProgramData\Microsoft\Windows\Start Menu\Programs\aps-wizard"
Must ($links.Count -eq 3) 'three entries of the Start menu'
foreach ($folder in $data, "$data\profiles", "$data\Logs") {
  $list = (Get-Acl $folder).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
  $who = $list.IdentityReference.Value | Sort-Object -Unique
  Must (($who -join ' ') -eq 'S-1-5-18 S-1-5-32-544') "SYSTEM and Administrators alone in $folder"
}

# Run
Cli --version
Must ($code -eq 0 -and $said.Trim() -eq "aps-wizard $($manifest.version)") 'version'
Cli demo --dir $site
Must ($code -eq 0 -and $said -match 'All mandatory checks passed') 'the demo'
Must ((Get-ChildItem "$site\pictures\*.png").Count -ge 11) 'a picture of every page'
Cli check $made --only database.login
Must ($code -eq 0) 'check'
Cli check $made --only webservice.port
Must ($code -eq 1) 'check of a service that is gone'
if (Get-Command sqllocaldb -ErrorAction Ignore) {
  $query = "import pyodbc; c = pyodbc.connect('Driver={SQL Server};Server=(localdb)\MSSQLLocalDB', timeout=60)"
  & "$program\runtime\python.exe" -c "$query; print(c.execute('select 1').fetchone())"
  Must ($LASTEXITCODE -eq 0) 'a query through pyodbc'
}
foreach ($store in 'keyring', 'dpapi') {
  'senha de teste' | & $cli secret set $made webservice.password --store $store
  Must ($LASTEXITCODE -eq 0) "a password into $store"
  Cli secret status $made --json
  Must ($said -match '"readable": true') 'and it can be read'
  Cli secret delete $made webservice.password
  Must ($code -eq 0) 'and taken out'
}
Cli dsn create APS_TRY --driver 'SQL Server' --set 'Server=localhost'
Must ($code -eq 0) 'a System DSN'
Cli dsn list --json
Must ($said -match 'APS_TRY') 'listed'
Cli dsn delete APS_TRY
Must ($code -eq 0) 'and deleted'
$silent = Start-Process "$program\aps-wizard.exe" '--version' -Wait -PassThru
Must ($silent.ExitCode -eq 0) 'without a console'
$env:PYTHONPATH = "$PWD\foreign"; New-Item foreign\typer.py -Force -Value "raise SystemExit(99)" | Out-Null
Cli profile list
Must ($code -eq 0) 'no foreign module comes in'
Remove-Item Env:PYTHONPATH

# Refused, upgraded, removed
$running = Start-Process "$program\runtime\python.exe" '-c', '"import time; time.sleep(600)"' -PassThru
Must ((Setup @()) -eq 4) 'a running program is not replaced'
$running.Kill(); $running.WaitForExit()
Copy-Item "$program\examples\example-informix.yaml" "$data\profiles\matriz.yaml"
$before = (Get-FileHash "$data\profiles\matriz.yaml").Hash
$path = [Environment]::GetEnvironmentVariable('Path', 'Machine')
Must ((Setup '/PATH') -eq 0) 'installed over itself'
Must ((Get-FileHash "$data\profiles\matriz.yaml").Hash -eq $before) 'the profile is untouched'
Must ([Environment]::GetEnvironmentVariable('Path', 'Machine').EndsWith($program)) 'in PATH'
Start-Process "$program\uninstall.exe" '/S', "_?=$program" -Wait
Remove-Item "$program\uninstall.exe"; Remove-Item $program
Must (Test-Path "$data\profiles\matriz.yaml") 'the profile stays'
Must (-not ($keys | Where-Object { Test-Path $_ })) 'no key is left'
Must ([Environment]::GetEnvironmentVariable('Path', 'Machine') -eq $path) 'PATH is as before'
Must (-not (Test-Path "$env:ProgramData\Microsoft\Windows\Start Menu\Programs\aps-wizard")) 'no entry of the Start menu'
Must ((Setup @()) -eq 0) 'installed again'
Start-Process "$program\uninstall.exe" '/S', '/PURGE', "_?=$program" -Wait
Must (-not (Test-Path $data)) 'with /PURGE the data goes too'
Remove-Item "$program\uninstall.exe"; Remove-Item $program
