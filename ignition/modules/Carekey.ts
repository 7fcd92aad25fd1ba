/**
 * @module ignition/modules/Carekey
 * Deploys the whole law. The registrar is wired in by the constructor, so that there is no moment without one and no deployer
 * with powers left behind. `npx hardhat ignition deploy ignition/modules/Carekey.ts --parameters parameters.json --network …`
 */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Two days, in seconds: time to notice that somebody announced another default admin. */
const DEFAULT_ADMIN_TRANSFER_DELAY = 2 * 24 * 60 * 60;
/** A week, in seconds: how long a verification must have stood before it counts in an emergency. */
const DEFAULT_EMERGENCY_SENIORITY = 7 * 24 * 60 * 60;
/** A week, in seconds: the least time that an account has to object to its guardians. */
const DEFAULT_SUCCESSION_DELAY = 7 * 24 * 60 * 60;

/**
 * Parameters: `initialRegistrar` (address, default: the deploying account), first registrar and default admin;
 * `adminTransferDelay` (seconds, default two days); `emergencySeniority` (seconds, default a week); `successionDelay`
 * (seconds, default a week).
 */
export default buildModule("Carekey", (module) => {
  const initialRegistrar = module.getParameter("initialRegistrar", module.getAccount(0));
  const adminTransferDelay = module.getParameter("adminTransferDelay", DEFAULT_ADMIN_TRANSFER_DELAY);
  const emergencySeniority = module.getParameter("emergencySeniority", DEFAULT_EMERGENCY_SENIORITY);
  const carekey = module.contract("Carekey", [initialRegistrar, adminTransferDelay]);
  const emergencyAccess = module.contract("EmergencyAccess", [carekey, emergencySeniority]);
  const successionDelay = module.getParameter("successionDelay", DEFAULT_SUCCESSION_DELAY);
  // After the others, so that the order of a deployment never hangs on which one the deployer sends first.
  const succession = module.contract("Succession", [successionDelay], { after: [emergencyAccess] });
  return { carekey, emergencyAccess, succession };
});
