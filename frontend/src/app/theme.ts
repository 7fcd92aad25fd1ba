/**
 * @module app/theme
 * Look of the app: one accent (deep teal), neutral surfaces, text of 16 px at least, controls of 44 px at least.
 */
import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Checkbox,
  CloseButton,
  Drawer,
  FileInput,
  Input,
  Menu,
  Modal,
  NativeSelect,
  NavLink,
  NumberInput,
  Paper,
  PasswordInput,
  Radio,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

const teal: MantineColorsTuple = [
  "#eaf5f5",
  "#d3e9e9",
  "#a9d4d5",
  "#7bbdbf",
  "#4fa5a8",
  "#2c8b8f",
  "#14757a",
  "#0f5f63",
  "#0b4d51",
  "#073a3d",
];

const gray: MantineColorsTuple = [
  "#f7f8f8",
  "#eff1f1",
  "#e3e6e6",
  "#d2d7d7",
  "#b5bcbc",
  "#8b9494",
  "#596363",
  "#434c4c",
  "#2b3232",
  "#171c1c",
];

const dark: MantineColorsTuple = [
  "#e6eaea",
  "#c9d0d0",
  "#a7b1b1",
  "#7f8a8a",
  "#465050",
  "#333c3c",
  "#232a2a",
  "#161b1b",
  "#101414",
  "#0a0d0d",
];

const large = { defaultProps: { size: "md" } };

/** Mantine's theme of Carekey. */
export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 5 },
  colors: { teal, gray, dark },
  black: "#171c1c",
  fontFamily: '"Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontSizes: { xs: "1rem", sm: "1rem", md: "1.0625rem", lg: "1.1875rem", xl: "1.375rem" },
  lineHeights: { xs: "1.45", sm: "1.5", md: "1.55", lg: "1.5", xl: "1.4" },
  headings: {
    fontWeight: "650",
    textWrap: "balance",
    sizes: {
      h1: { fontSize: "1.875rem", lineHeight: "1.2" },
      h2: { fontSize: "1.3125rem", lineHeight: "1.3" },
      h3: { fontSize: "1.125rem", lineHeight: "1.4" },
      h4: { fontSize: "1.0625rem", lineHeight: "1.45" },
      h5: { fontSize: "1rem", lineHeight: "1.5" },
      h6: { fontSize: "1rem", lineHeight: "1.5" },
    },
  },
  radius: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  shadows: {
    xs: "0 1px 2px rgb(16 32 32 / 6%)",
    sm: "0 1px 3px rgb(16 32 32 / 8%)",
    md: "0 4px 16px rgb(16 32 32 / 8%)",
    lg: "0 8px 28px rgb(16 32 32 / 12%)",
    xl: "0 16px 48px rgb(16 32 32 / 16%)",
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 44, variant: "subtle" } }),
    Alert: Alert.extend({ defaultProps: { radius: "md", p: "md" } }),
    Anchor: Anchor.extend({ defaultProps: { underline: "always" } }),
    Badge: Badge.extend({
      defaultProps: { variant: "light", size: "lg", tt: "none", fw: 550 },
      // Mantine's coloured words on their own light colour reach 3.8 : 1 only.
      vars: (_theme, { variant }) => ({
        root: variant === "light" ? { "--badge-color": "var(--mantine-color-text)" } : {},
      }),
    }),
    Button: Button.extend(large),
    Checkbox: Checkbox.extend(large),
    CloseButton: CloseButton.extend({ defaultProps: { size: 44, iconSize: 22 } }),
    Drawer: Drawer.extend({
      defaultProps: {
        lockScroll: false,
        transitionProps: { duration: 160 },
        attributes: { header: { role: "presentation" } },
      },
    }),
    FileInput: FileInput.extend(large),
    Input: Input.extend(large),
    Menu: Menu.extend({ defaultProps: { transitionProps: { duration: 120 } } }),
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: true,
        padding: "lg",
        radius: "lg",
        transitionProps: { duration: 160, transition: "fade" },
        overlayProps: { backgroundOpacity: 0.45 },
        closeButtonProps: { "aria-label": "Close" },
        // A dialog's header is not the page's banner.
        attributes: { header: { role: "presentation" } },
      },
    }),
    NativeSelect: NativeSelect.extend(large),
    NavLink: NavLink.extend({ defaultProps: { variant: "light" } }),
    // Its steppers are 20 px high; arrow keys and typing do the same.
    NumberInput: NumberInput.extend({ defaultProps: { size: "md", hideControls: true } }),
    Paper: Paper.extend({ defaultProps: { radius: "lg" } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: "md", rightSectionWidth: 48 } }),
    Radio: Radio.extend(large),
    SegmentedControl: SegmentedControl.extend(large),
    Select: Select.extend(large),
    Textarea: Textarea.extend(large),
    TextInput: TextInput.extend(large),
  },
});

/** Surfaces and texts whose contrast is at least 4.5 : 1 in both colour schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f5f7f7",
    "--carekey-surface": "#ffffff",
    "--carekey-border": "#dfe4e4",
    "--carekey-accent-soft": "#e3f1f1",
    "--carekey-accent-text": "#0b4d51",
    "--carekey-waiting-soft": "#fdf3dc",
    "--carekey-waiting-text": "#6b4700",
    "--carekey-good-text": "#1c6636",
    "--carekey-good-soft": "#e5f4ea",
    "--carekey-danger-text": "#a3201a",
    "--carekey-danger-soft": "#fcebea",
    "--mantine-color-dimmed": "#566060",
    "--mantine-color-placeholder": "#667070",
    "--mantine-color-error": "#a3201a",
    "--mantine-color-default-border": "#c3caca",
    "--mantine-color-anchor": "#0f5f63",
  },
  dark: {
    "--mantine-color-body": "#101414",
    "--carekey-surface": "#191f1f",
    "--carekey-border": "#2e3636",
    "--carekey-accent-soft": "#123436",
    "--carekey-accent-text": "#9fd6d8",
    "--carekey-waiting-soft": "#372b10",
    "--carekey-waiting-text": "#f3cf82",
    "--carekey-good-text": "#8fd6a8",
    "--carekey-good-soft": "#14301f",
    "--carekey-danger-text": "#ff9d96",
    "--carekey-danger-soft": "#3d1a18",
    "--mantine-color-dimmed": "#a7b1b1",
    "--mantine-color-placeholder": "#8e9999",
    "--mantine-color-error": "#ff9d96",
    "--mantine-color-default": "#1f2626",
    "--mantine-color-default-border": "#485252",
    "--mantine-color-anchor": "#8fcfd2",
    "--mantine-color-teal-filled": "#157a7f",
    "--mantine-color-teal-filled-hover": "#187e83",
  },
});
